// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The syslog daemon of the machine, a datagram for each line, as syslog(3) sends it: {@code <22>Mon dd hh:mm:ss
 * postfix/smtpd[42]: text}.
 * Thread: start-up, then log. The JDK has no datagram sockets in the file system; Netty's native part has.
 */
public final class SyslogOutput implements LogOutput {
    /** Where the machine has its daemon. */
    public static final Path DEVICE = Path.of("/dev/log");

    /** By their number; a gap has an empty name. */
    private static final List<String> FACILITIES = List.of(
            "kern",
            "user",
            "mail",
            "daemon",
            "auth",
            "syslog",
            "lpr",
            "news",
            "uucp",
            "cron",
            "authpriv",
            "ftp",
            "",
            "",
            "",
            "",
            "local0",
            "local1",
            "local2",
            "local3",
            "local4",
            "local5",
            "local6",
            "local7");

    private static final int SEVERITY_BITS = 3;
    private static final int CRITICAL = 2;
    private static final int ERROR = 3;
    private static final int WARNING = 4;
    private static final int INFO = 6;

    /** Of {@code Mon dd hh:mm:ss}, before the host. */
    private static final int TIME_BYTES = 15;

    private static final int PRIORITY_BYTES_MAX = 5;

    /** A daemon that does not keep up is waited for so long, for each block. */
    private static final long FULL_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long FULL_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Path device;
    private final int facility;
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(PRIORITY_BYTES_MAX + LogLine.LINE_BYTES_MAX + 1);

    // Owned by the log thread.
    private @Nullable Socket socket;

    private SyslogOutput(Path device, int facility) {
        this.device = device;
        this.facility = facility;
    }

    /** Whether there is such a daemon, and it can be reached from here. */
    public static boolean isThere() {
        return Files.exists(DEVICE) && Epoll.isAvailable();
    }

    /** {@code facility}: {@code mail} or another name of syslog(3), which {@code syslog_facility} checks. */
    public static SyslogOutput open(Path device, String facility) {
        return new SyslogOutput(device, Math.max(0, FACILITIES.indexOf(facility)));
    }

    @Override
    public void followRotation() {}

    /** Lines behind one that could not be sent in time are lost, and so is that one. */
    @Override
    public int write(ByteBuffer block) {
        long deadlineNs = System.nanoTime() + FULL_WAIT_NS;
        int lostCount = 0;
        boolean isSent = true;
        while (block.hasRemaining()) {
            takeLine(block);
            isSent = isSent && send(deadlineNs);
            lostCount += isSent ? 0 : 1;
        }
        return lostCount;
    }

    /** The host is left out: the daemon knows where it is. */
    private void takeLine(ByteBuffer block) {
        int from = block.position();
        int end = from;
        while (block.get(end) != '\n') {
            end++;
        }
        int tag = from + TIME_BYTES + 1;
        while (tag < end && block.get(tag) != ' ') {
            tag++;
        }
        datagram.clear();
        int priority = facility << SEVERITY_BITS | severity(block, tag, end);
        datagram.put(("<" + priority + ">").getBytes(StandardCharsets.US_ASCII));
        copy(block, from, Math.min(from + TIME_BYTES, end));
        copy(block, tag, Math.min(end, tag + datagram.remaining()));
        block.position(end + 1);
    }

    private void copy(ByteBuffer block, int from, int end) {
        datagram.put(block.duplicate().position(from).limit(end));
    }

    private static int severity(ByteBuffer block, int tag, int end) {
        int text = tag;
        while (text < end && !(block.get(text) == ':' && text + 1 < end && block.get(text + 1) == ' ')) {
            text++;
        }
        text += 2;
        if (begins(block, text, end, "warning: ")) {
            return WARNING;
        }
        if (begins(block, text, end, "error: ")) {
            return ERROR;
        }
        return begins(block, text, end, "fatal: ") || begins(block, text, end, "panic: ") ? CRITICAL : INFO;
    }

    private static boolean begins(ByteBuffer block, int from, int end, String word) {
        if (from + word.length() > end) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (block.get(from + i) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A daemon that was started anew has another socket behind the name: connects once more. */
    private boolean send(long deadlineNs) {
        boolean isFirst = true;
        while (true) {
            try {
                if (connected().write(datagram, 0, datagram.position()) > 0) {
                    return true;
                }
                if (System.nanoTime() - deadlineNs >= 0) {
                    return false;
                }
                LockSupport.parkNanos(this, FULL_PAUSE_NS);
            } catch (IOException e) {
                close();
                if (!isFirst) {
                    return false;
                }
                isFirst = false;
            }
        }
    }

    private Socket connected() throws IOException {
        Socket known = socket;
        if (known != null) {
            return known;
        }
        Socket opened = Socket.newSocketDomainDgram();
        try {
            opened.connect(new DomainSocketAddress(device.toString()));
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        socket = opened;
        return opened;
    }

    @Override
    public void close() {
        Socket known = socket;
        socket = null;
        if (known != null) {
            try {
                known.close();
            } catch (IOException e) {
                // It is not used again.
                socket = null;
            }
        }
    }
}
