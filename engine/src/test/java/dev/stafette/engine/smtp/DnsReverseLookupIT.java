// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a name server in this JVM. */
class DnsReverseLookupIT {
    private static final int PTR = 12;
    private static final int A = 1;
    private static final int NXDOMAIN = 3;

    private static DatagramSocket server;
    private static EventLoopGroup group;

    @BeforeAll
    static void start() throws IOException {
        server = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread thread = new Thread(DnsReverseLookupIT::serve, "name-server");
        thread.setDaemon(true);
        thread.start();
        group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stop() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        server.close();
    }

    private static void serve() {
        byte[] buffer = new byte[512];
        try {
            while (true) {
                DatagramPacket query = new DatagramPacket(buffer, buffer.length);
                server.receive(query);
                byte[] answer = answer(buffer, query.getLength());
                server.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
            }
        } catch (IOException closed) {
            // The tests are over.
        }
    }

    /** RFC 1035 §4.1. */
    private static byte[] answer(byte[] query, int length) throws IOException {
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (query[at] != 0) {
            name.append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII))
                    .append('.');
            at += query[at] + 1;
        }
        int type = query[at + 2];
        byte[] data = data(name.toString(), type);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(query, 0, 2);
        out.write(
                new byte[] {(byte) 0x84, (byte) (data == null ? NXDOMAIN : 0), 0, 1, 0, (byte) (data == null ? 0 : 1)});
        out.write(new byte[4]);
        out.write(query, 12, at + 5 - 12);
        if (data != null) {
            out.write(new byte[] {(byte) 0xc0, 12, 0, (byte) type, 0, 1, 0, 0, 0, 60, 0, (byte) data.length});
            out.write(data);
        }
        return out.toByteArray();
    }

    private static byte[] data(String name, int type) throws IOException {
        if (type == PTR) {
            return switch (name) {
                case "7.2.0.192.in-addr.arpa." -> nameData("Mail.C.test");
                case "8.2.0.192.in-addr.arpa." -> nameData("liar.test");
                case "9.2.0.192.in-addr.arpa." -> nameData("nowhere.test");
                case "10.2.0.192.in-addr.arpa." -> nameData("192.0.2.10");
                default -> null;
            };
        }
        if (type == A && name.equals("mail.c.test.")) {
            return new byte[] {(byte) 192, 0, 2, 7};
        }
        return type == A && name.equals("liar.test.") ? new byte[] {(byte) 198, 51, 100, 1} : null;
    }

    private static byte[] nameData(String name) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, mail.c.test",
        "192.0.2.8, unknown",
        "192.0.2.9, unknown",
        "192.0.2.10, unknown",
        "192.0.2.11, unknown",
        "2001:db8::7, unknown",
    })
    void believesANameThatHasTheAddress(String address, String expected) throws InterruptedException {
        EventLoop loop = group.next();
        DnsReverseLookup lookup =
                new DnsReverseLookup(loop, List.of((InetSocketAddress) server.getLocalSocketAddress()));
        BlockingQueue<String> names = new LinkedBlockingQueue<>();
        loop.execute(() -> lookup.find(TestHost.ip(address), name -> names.add(name == null ? "unknown" : name)));
        assertEquals(expected, names.poll(20, TimeUnit.SECONDS));
        loop.execute(lookup::close);
    }
}
