// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;

/**
 * A session that asks for one recipient after the other, and takes the time of each answer.
 * Thread: one at a time.
 */
final class RcptSession implements AutoCloseable {
    static final String QUICK_DOMAIN = "quick.test";

    /** Below smtpd_recipient_limit. */
    private static final int RECIPIENTS_MAX = 500;

    private final Socket socket;
    private final BufferedReader in;
    private final Histogram times = new Histogram(3);

    private RcptSession(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** As far as MAIL. */
    static RcptSession open(int port) throws IOException {
        RcptSession session = new RcptSession(new Socket(InetAddress.getLoopbackAddress(), port));
        try {
            session.expect("220");
            session.say("EHLO src.test");
            session.expect("250");
            session.begin();
            return session;
        } catch (IOException e) {
            session.close();
            throw e;
        }
    }

    private void begin() throws IOException {
        say("MAIL FROM:<s@src.test>");
        expect("250");
    }

    /** Whose answer nobody waits for here. */
    void send(String recipient) throws IOException {
        say("RCPT TO:<" + recipient + ">");
    }

    /** Something has been said to the last one. */
    boolean hasReply() throws IOException {
        return socket.getInputStream().available() > 0;
    }

    /** Until then. */
    void ask(long endNs) {
        try {
            for (int i = 1; System.nanoTime() - endNs < 0; i++) {
                if (i % RECIPIENTS_MAX == 0) {
                    say("RSET");
                    expect("250");
                    begin();
                }
                long beganNs = System.nanoTime();
                send("u" + i + '@' + QUICK_DOMAIN);
                expect("250");
                times.recordValue(System.nanoTime() - beganNs);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void addTo(Histogram all) {
        all.add(times);
    }

    private void say(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void expect(String code) throws IOException {
        String line = in.readLine();
        while (line != null && line.startsWith(code + "-")) {
            line = in.readLine();
        }
        if (line == null || !line.startsWith(code)) {
            throw new IOException("the relay said: " + line + " (expected: " + code + ")");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
