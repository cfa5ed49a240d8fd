// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.Transport;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.GenericMap;
import dev.stafette.engine.table.TestTables;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenericTransportTest {
    @TempDir
    private Path directory;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<DeliveryRequest> passed = new LinkedBlockingQueue<>();
    private final BlockingQueue<DeliveryReport> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();

    /** Keeps what it is given. */
    private final Transport next = new Transport() {
        @Override
        public void deliver(DeliveryRequest request) {
            passed.add(request);
        }

        @Override
        public void close() {}
    };

    @AfterEach
    void close() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Transport transport(String table) throws IOException {
        Files.writeString(
                directory.resolve("main.cf"),
                "myhostname = mx.here.test\n"
                        + "myorigin = here.local\n"
                        + "mydestination = here.local\n"
                        + "recipient_delimiter = +\n"
                        + "propagate_unmatched_extensions = generic\n"
                        + "smtp_generic_maps = " + table + "\n");
        Files.writeString(directory.resolve("master.cf"), "smtp unix - - n - - smtp\n");
        Configuration configuration = Configuration.read(directory, new LocalHost());
        TestTables tables = new TestTables(directory);
        ListTables opener = tables::open;
        GenericMap map = assertInstanceOf(GenericMap.class, GenericMap.of(configuration.settings(), opener));
        return new GenericTransport(
                next,
                new GenericTransport.Parts(
                        map, 1000, Runnable::run, loops, (queueId, text) -> warnings.add(queueId + ": " + text)));
    }

    private DeliveryRequest request(MessageBody body, String sender, String... recipients) {
        List<EnvelopeRecipient> all = Arrays.stream(recipients)
                .map(one -> new EnvelopeRecipient(AddressList.split(one)))
                .toList();
        int[] indexes = IntStream.range(0, recipients.length).toArray();
        return new DeliveryRequest(
                "ID1",
                "b.test",
                Envelope.of(AddressList.split(sender), all),
                indexes,
                body,
                (asked, report) -> {
                    assertSame(body, asked.body());
                    reports.add(report);
                },
                1,
                DeliveryRequest.ANY_SOURCE,
                DeliveryRequest.NO_TENANT,
                null,
                "mine");
    }

    private DeliveryRequest passed() throws InterruptedException {
        return assertInstanceOf(DeliveryRequest.class, passed.poll(60, TimeUnit.SECONDS));
    }

    private static String content(MessageBody body) throws IOException {
        @Nullable ByteBuf head = body.head();
        String text = head == null ? "" : head.toString(StandardCharsets.UTF_8);
        ByteBuffer rest = ByteBuffer.allocate(body.partLengthBytes(0));
        body.partChannel(0).read(rest, body.partPosition(0));
        String whole = text + new String(rest.array(), StandardCharsets.UTF_8);
        assertEquals(whole.length() - 3, body.sizeBytes());
        return whole;
    }

    @Test
    void givesEnvelopeAndHeaderAddressesThatTheWorldKnows() throws Exception {
        Transport transport =
                transport("inline:{joe@here.local=joe@isp.test, @here.local=all@isp.test, root=admin@isp.test}");
        FileBody body = FileBody.ofWire("From: Joe (x) <joe+a@here.local>\r\nX-A: joe@here.local\r\n"
                + "Cc: a@c.test,\r\n b@here.local\r\nSubject: s\r\n\r\nFrom: joe@here.local\r\n");
        DeliveryRequest given = request(body, "root@here.local", "u@b.test", "v@here.local");
        transport.deliver(given);
        DeliveryRequest request = passed();
        assertEquals("admin@isp.test", request.envelope().sender().external());
        assertEquals(
                "u@b.test", request.envelope().recipients().get(0).address().external());
        assertEquals(
                "all@isp.test", request.envelope().recipients().get(1).address().external());
        assertEquals(
                "From: Joe (x) <joe+a@isp.test>\r\nX-A: joe@here.local\r\nCc: a@c.test, all@isp.test\r\n"
                        + "Subject: s\r\n\r\nFrom: joe@here.local\r\n.\r\n",
                content(request.body()));
        assertEquals(given.attachment(), request.attachment());
        request.listener().onAttempted(request, DeliveryReport.untried());
        assertTrue(reports.take().isUntried());
        request.body().release();
        assertTrue(body.isReleased());
    }

    @Test
    void leavesABodyAloneInWhoseHeaderNothingChanges() throws Exception {
        FileBody body = FileBody.ofWire("From: joe@other.test\r\n\r\ntext\r\n");
        transport("inline:{joe@here.local=joe@isp.test}").deliver(request(body, "", "u@b.test"));
        DeliveryRequest request = passed();
        assertSame(body, request.body());
        assertNull(request.body().head());
        assertTrue(request.envelope().sender().isNull());
    }

    @Test
    void readsAHeaderThatIsLongerThanOneRead() throws Exception {
        String many = "X-Many: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".repeat(1000);
        FileBody body = FileBody.ofWire(many + "To: joe@here.local\r\n\r\ntext\r\n");
        transport("inline:{joe@here.local=joe@isp.test}").deliver(request(body, "a@a.test", "u@b.test"));
        DeliveryRequest request = passed();
        assertEquals(many + "To: joe@isp.test\r\n\r\ntext\r\n.\r\n", content(request.body()));
        request.body().release();
    }

    @Test
    void defersWhenTheTableDoesNotAnswer() throws Exception {
        FileBody body = FileBody.ofWire("To: joe@here.local\r\n\r\ntext\r\n");
        transport("fail:x").deliver(request(body, "a@a.test", "u@b.test", "v@b.test"));
        DeliveryReport report = assertInstanceOf(DeliveryReport.class, reports.poll(60, TimeUnit.SECONDS));
        assertEquals(2, report.outcomes().length);
        assertEquals(Kind.DEFERRED, report.outcomes()[1].kind());
        assertEquals("4.3.0", report.outcomes()[1].status().toString());
        assertTrue(body.isReleased());
        assertTrue(warnings.remove().startsWith("ID1: smtp_generic_maps map lookup problem for "));
        assertTrue(passed.isEmpty());
    }
}
