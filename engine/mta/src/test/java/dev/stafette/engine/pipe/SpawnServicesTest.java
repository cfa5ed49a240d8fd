// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets which program; the programs themselves are not run. */
@Timeout(180)
class SpawnServicesTest {
    @TempDir
    private Path directory;

    private final List<CommandOrder> orders = Collections.synchronizedList(new ArrayList<>());
    private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore mayEnd = new Semaphore(0);
    private SpawnServices services;

    private Configuration configuration(String row) throws IOException {
        Files.writeString(
                directory.resolve("main.cf"),
                "myhostname = mx.b.test\nqueue_directory = " + directory
                        + "\nprog_time_limit = 7\nexport_environment =\n");
        Files.writeString(directory.resolve("master.cf"), row + "\n");
        return Configuration.read(directory, new LocalHost());
    }

    private void open(String row) throws IOException {
        services = SpawnServices.open(configuration(row), this::converse, warnings::add);
    }

    @AfterEach
    void close() throws IOException {
        if (services != null) {
            services.close();
        }
    }

    /** Says who it is, and stays as long as it has to. */
    private void converse(CommandOrder order, SocketChannel client) throws IOException {
        orders.add(order);
        try (client) {
            client.write(ByteBuffer.wrap(order.line().ways().get(0).toString().getBytes(StandardCharsets.US_ASCII)));
            mayEnd.acquireUninterruptibly();
        }
    }

    private SocketChannel connect(String socket) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve(socket)));
    }

    private static String read(SocketChannel client) throws IOException {
        ByteBuffer heard = ByteBuffer.allocate(100);
        int count = client.read(heard);
        return count < 0 ? "(end)" : new String(heard.array(), 0, count, StandardCharsets.US_ASCII);
    }

    @Test
    void startsTheProgramOfTheRowForEachClient() throws IOException {
        open("prog unix - n n - 0 spawn user=daemon:sys argv=/bin/prog -o { a b }");
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("private"))));
        for (int i = 0; i < 2; i++) {
            try (SocketChannel client = connect("private/prog")) {
                assertEquals("[/bin/prog, -o, a b]", read(client));
                mayEnd.release();
                assertEquals("(end)", read(client));
            }
        }
        CommandOrder order = orders.get(0);
        assertEquals(RowUser.find("daemon", "sys").ids(), order.user());
        assertEquals(Duration.ofSeconds(7), order.timeLimit());
        assertEquals(directory.toString(), order.directory());
    }

    @Test
    void servesRowsOfTheNetworkToo() throws IOException {
        int port = openOnSomePort();
        try (SocketChannel client = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            mayEnd.release();
            assertTrue(read(client).startsWith("[/bin/prog"));
        }
        assertEquals(Duration.ofSeconds(1000), orders.get(0).timeLimit());
    }

    /** One that is free is somebody else's, now and then, when it is opened. */
    private int openOnSomePort() throws IOException {
        for (int i = 1; ; i++) {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Configuration configuration =
                    configuration("127.0.0.1:" + port + " inet n n n - 0 spawn user=daemon argv=/bin/prog");
            SpawnServices.check(configuration);
            try {
                services = SpawnServices.open(configuration, this::converse, warnings::add);
                return port;
            } catch (BindException taken) {
                if (i == 5) {
                    throw taken;
                }
            }
        }
    }

    @Test
    void letsNoMoreClientsInThanTheRowSays() throws Exception {
        open("prog unix n n n - 1 spawn user=daemon argv=/bin/prog");
        try (SocketChannel first = connect("public/prog");
                SocketChannel second = connect("public/prog")) {
            assertEquals("[/bin/prog]", read(first));
            Thread.sleep(50);
            assertEquals(1, orders.size());
            mayEnd.release(2);
            assertEquals("[/bin/prog]", read(second));
        }
    }

    @Test
    void goesByTheChangedRowAfterAReload() throws IOException {
        open("prog unix - n n - 0 spawn user=daemon argv=/bin/prog");
        services.reload(configuration("prog unix - n n - 0 spawn user=daemon argv=/bin/other"));
        try (SocketChannel client = connect("private/prog")) {
            assertEquals("[/bin/other]", read(client));
            mayEnd.release();
        }
    }

    @Test
    void endsTheConnectionWhereThereIsNoSuchUser() throws IOException {
        open("prog unix - n n - 0 spawn user=no-such-user argv=/bin/prog");
        try (SocketChannel client = connect("private/prog")) {
            assertEquals("(end)", read(client));
        }
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (warnings.isEmpty() && System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        assertEquals(List.of("unknown username: no-such-user"), warnings);
        assertTrue(orders.isEmpty());
    }

    @Test
    void refusesRowsThatCannotBeMeant() {
        for (String attributes : List.of("user=daemon", "argv=/bin/prog", "flags=R user=daemon argv=/bin/prog")) {
            assertThrows(
                    ConfigException.class,
                    () -> SpawnServices.check(configuration("prog unix - n n - 0 spawn " + attributes)));
        }
    }
}
