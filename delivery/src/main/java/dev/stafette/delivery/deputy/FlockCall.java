// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import dev.stafette.delivery.mailbox.Flock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * By the system call, with the ids of the thread. A program would not have those: a shell whose effective ids are not its real
 * ones takes the real ones back, which are root's.
 * Thread: any.
 */
final class FlockCall implements Flock {
    // The same on all machines that Linux calls x86, arm64 and riscv.
    private static final int O_WRONLY = 01;
    private static final int O_NOCTTY = 0400;
    private static final int O_APPEND = 02000;
    /** What waits for somebody at its other end is not waited for. */
    private static final int O_NONBLOCK = 04000;

    private static final int O_CLOEXEC = 02000000;

    private static final int LOCK_EXCLUSIVE = 2;
    private static final int LOCK_NONBLOCK = 4;

    private static final int EWOULDBLOCK = 11;

    /** Bound once; each throws what the call has said. */
    private static final class LibC {
        static {
            Native.register(LibC.class, NativeLibrary.getProcess());
        }

        static native int open(byte[] file, int flags) throws LastErrorException;

        static native int flock(int descriptor, int operation) throws LastErrorException;

        static native int close(int descriptor) throws LastErrorException;
    }

    @Override
    public @Nullable Held tryLock(Path file) throws IOException {
        byte[] name = file.toString().getBytes(StandardCharsets.UTF_8);
        try {
            int descriptor = LibC.open(
                    Arrays.copyOf(name, name.length + 1), O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
            return lock(descriptor) ? () -> close(file, descriptor) : null;
        } catch (LastErrorException e) {
            throw failed(file, e);
        }
    }

    private static boolean lock(int descriptor) {
        try {
            LibC.flock(descriptor, LOCK_EXCLUSIVE | LOCK_NONBLOCK);
            return true;
        } catch (LastErrorException e) {
            LibC.close(descriptor);
            if (e.getErrorCode() == EWOULDBLOCK) {
                return false;
            }
            throw e;
        }
    }

    private static void close(Path file, int descriptor) throws IOException {
        try {
            LibC.close(descriptor);
        } catch (LastErrorException e) {
            throw failed(file, e);
        }
    }

    private static IOException failed(Path file, LastErrorException e) {
        return new FileSystemException(file.toString(), null, "unable to lock for exclusive access: " + e.getMessage());
    }
}
