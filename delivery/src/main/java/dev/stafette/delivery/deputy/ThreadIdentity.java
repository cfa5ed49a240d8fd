// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import dev.stafette.delivery.identity.FileWork;
import dev.stafette.delivery.identity.Identity;
import dev.stafette.delivery.identity.UserIds;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Any account but the privileged ones, for a process of root's.
 * Thread: any; a file work changes the effective ids of its own thread alone, and those are root's again when it ends.
 *
 * <p>In Linux ids belong to threads; it is the C library that changes them for all threads of a process, and so the calls go past
 * it. Real and saved ids stay root's meanwhile: nobody else may send signals to the thread. A program gets all of its ids by
 * setpriv(1) before it becomes itself, and no thread of Java is ever the user's for good.
 */
final class ThreadIdentity implements Identity {
    private static final long UNCHANGED = -1;

    private final Calls calls;
    /** A list of one group, of each thread. */
    private final ThreadLocal<Memory> groups = ThreadLocal.withInitial(() -> new Memory(Integer.BYTES));

    private final int ownerUid;
    private final int ownerGid;
    private final Set<Integer> privilegedGids;

    /** Numbers of system calls. */
    private record Calls(long setgroups, long setresuid, long setresgid) {
        static Calls ofThisMachine() {
            return switch (Platform.ARCH) {
                case "x86-64" -> new Calls(116, 117, 119);
                case "aarch64", "riscv64" -> new Calls(159, 147, 149);
                default -> throw new IllegalStateException("no numbers of system calls for " + Platform.ARCH);
            };
        }
    }

    /** Bound once, which makes a call some fifty times as cheap as by name. */
    private static final class SystemCall {
        static {
            Native.register(SystemCall.class, NativeLibrary.getProcess());
        }

        static native long syscall(long number, long first, long second, long third);
    }

    /**
     * @param owner the mail system's account, in whose name nothing is delivered
     * @param privilegedGids groups that are as good as root's
     */
    ThreadIdentity(UserIds owner, Set<Integer> privilegedGids) {
        this.privilegedGids = Set.copyOf(privilegedGids);
        calls = Calls.ofThisMachine();
        ownerUid = owner.uid();
        ownerGid = owner.gid();
    }

    @Override
    public @Nullable String refusal(UserIds user) {
        String who = "cannot act as user " + user.name() + ": ";
        if (user.uid() <= 0 || user.gid() <= 0 || privilegedGids.contains(user.gid())) {
            return who + "uid " + user.uid() + " and gid " + user.gid() + " are privileged";
        }
        return user.uid() == ownerUid || user.gid() == ownerGid
                ? who + "uid " + user.uid() + " and gid " + user.gid() + " are the mail system's"
                : null;
    }

    @Override
    public <T> T call(UserIds user, FileWork<T> work) throws IOException {
        String refusal = refusal(user);
        if (refusal != null) {
            throw new IOException(refusal);
        }
        try {
            if (!change(user.uid(), user.gid())) {
                throw new IOException("cannot act as user " + user.name() + ": the system does not let us");
            }
            return work.call();
        } finally {
            comeBack();
        }
    }

    /** The group first: a user may not change it. */
    private boolean change(long uid, long gid) {
        Memory group = groups.get();
        group.setInt(0, (int) gid);
        return isDone(calls.setgroups, 1, Pointer.nativeValue(group), 0)
                && isDone(calls.setresgid, UNCHANGED, gid, UNCHANGED)
                && isDone(calls.setresuid, UNCHANGED, uid, UNCHANGED);
    }

    /** A thread that stays somebody's must not do anything for anybody else. */
    private void comeBack() {
        boolean isRoot = isDone(calls.setresuid, UNCHANGED, 0, UNCHANGED)
                && isDone(calls.setresgid, UNCHANGED, 0, UNCHANGED)
                && isDone(calls.setgroups, 0, 0, 0);
        if (!isRoot) {
            Runtime.getRuntime().halt(1);
        }
    }

    private static boolean isDone(long number, long first, long second, long third) {
        return SystemCall.syscall(number, first, second, third) == 0;
    }

    @Override
    public List<String> programWords(UserIds user) {
        return List.of("setpriv", "--reuid=" + user.uid(), "--regid=" + user.gid(), "--groups=" + user.gid(), "--");
    }
}
