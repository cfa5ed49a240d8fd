// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.HeaderName;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryOutcome.Scope;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.Transport;
import dev.stafette.engine.rewrite.GenericMap;
import dev.stafette.engine.rewrite.HeaderAddresses;
import dev.stafette.engine.rewrite.HeaderAddresses.Field;
import dev.stafette.engine.rewrite.MappingRun;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.PatientInquiry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Gives a transport messages with other addresses in envelope and header: smtp_generic_maps. Of the stored message it reads the
 * header, and the rest goes its way as it is.
 * Thread: any; a worker reads, and an event loop asks the tables, which holds up that message alone.
 */
final class GenericTransport implements Transport {
    /** More header than this is sent as it is. */
    private static final int HEADER_BYTES_MAX = 1 << 20;

    private static final int READ_BYTES = 8 << 10;

    private static final int LOOKUPS_MAX = 20_000;

    private static final EnhancedStatus TROUBLE = EnhancedStatus.of(4, 3, 0);

    private final Transport next;
    private final Parts parts;

    /** @param tokensMax {@code header_address_token_limit} */
    record Parts(GenericMap map, int tokensMax, Executor workers, EventLoopGroup loops, MappingWarnings warnings) {}

    private record Mapped(Envelope envelope, List<Field> fields, MappingRun run) {}

    /** What the map had to say against a message. */
    interface MappingWarnings {
        void onWarning(String queueId, String text);
    }

    GenericTransport(Transport next, Parts parts) {
        this.next = next;
        this.parts = parts;
    }

    @Override
    public void deliver(DeliveryRequest request) {
        parts.workers().execute(() -> new Passage(request).read());
    }

    @Override
    public void retire(Runnable onIdle) {
        next.retire(onIdle);
    }

    @Override
    public void close() {
        next.close();
    }

    /** One request. */
    private final class Passage {
        private final DeliveryRequest given;
        private final Envelope envelope;
        private final HeaderFields header = new HeaderFields();
        private final List<Field> fields = new ArrayList<>();
        private @Nullable ByteBuf headerBytes;

        Passage(DeliveryRequest given) {
            this.given = given;
            this.envelope = given.envelope();
        }

        void read() {
            ByteBuf bytes = ByteBufAllocator.DEFAULT.buffer(READ_BYTES);
            headerBytes = bytes;
            try {
                int length = given.body().partLengthBytes(0);
                HeaderFields.End end = HeaderFields.End.NEED_MORE;
                while (end == HeaderFields.End.NEED_MORE
                        && bytes.readableBytes() < Math.min(length, HEADER_BYTES_MAX)) {
                    // Twice as much each time: what has been scanned is scanned again.
                    int wanted = Math.max(READ_BYTES, bytes.readableBytes());
                    readMore(bytes, Math.min(wanted, length - bytes.readableBytes()));
                    end = header.scan(bytes);
                }
            } catch (IOException e) {
                defer(String.valueOf(e.getMessage()));
                return;
            }
            int index = header.find(HeaderName.ADDRESSES, 0);
            while (index >= 0) {
                fields.add(Field.of(header, index));
                index = header.find(HeaderName.ADDRESSES, index + 1);
            }
            EventLoop loop = parts.loops().next();
            loop.execute(() -> ask(new Inquirer(loop, System::nanoTime, LOOKUPS_MAX)));
        }

        private void ask(Inquirer inquirer) {
            PatientInquiry inquiry = inquirer.begin();
            Mapped mapped = judge(inquiry);
            if (inquiry.isWaiting()) {
                inquirer.await(inquiry, this::judge, this::pass, mistake -> defer(mistake.toString()));
            } else {
                pass(mapped);
            }
        }

        private Mapped judge(Inquiry inquiry) {
            MappingRun run = new MappingRun(inquiry);
            GenericMap map = parts.map();
            List<EnvelopeRecipient> recipients = new ArrayList<>(envelope.recipients());
            for (int index : given.recipients()) {
                EnvelopeRecipient recipient = recipients.get(index);
                recipients.set(index, recipient.at(map.map(recipient.address(), run)));
            }
            return new Mapped(
                    envelope.with(map.map(envelope.sender(), run), recipients),
                    HeaderAddresses.rewritten(fields, parts.tokensMax(), (address, use) -> map.map(address, run)),
                    run);
        }

        private void pass(Mapped mapped) {
            mapped.run().warnings().forEach(text -> parts.warnings().onWarning(given.queueId(), text));
            if (mapped.run().refusal() != null) {
                defer("address mapping lookup error");
                return;
            }
            next.deliver(new DeliveryRequest(
                    given.queueId(),
                    given.nextHop(),
                    mapped.envelope(),
                    given.recipients(),
                    body(mapped.fields()),
                    (unused, report) -> given.listener().onAttempted(given, report),
                    given.attemptsMax(),
                    given.source(),
                    given.tenant(),
                    given.site(),
                    given.attachment()));
        }

        private MessageBody body(List<Field> changed) {
            MessageBody body = given.body();
            if (!changed.isEmpty()) {
                HeaderAddresses.write(changed, header);
                ByteBuf head = ByteBufAllocator.DEFAULT.directBuffer();
                body = new RewrittenBody(body, head, header.write(head));
            }
            dropHeader();
            return body;
        }

        private void dropHeader() {
            ByteBuf bytes = headerBytes;
            headerBytes = null;
            if (bytes != null) {
                header.clear();
                bytes.release();
            }
        }

        private void defer(String why) {
            dropHeader();
            DeliveryOutcome[] outcomes = new DeliveryOutcome[given.recipients().length];
            Arrays.fill(
                    outcomes,
                    new DeliveryOutcome(
                            Kind.DEFERRED, Scope.MESSAGE, TROUBLE, why, DeliveryOutcome.NO_RELAY, 1, null, null));
            given.body().release();
            given.listener().onAttempted(given, new DeliveryReport(outcomes, null, DeliveryReport.NO_SITE, 0, 0, 0));
        }

        private void readMore(ByteBuf bytes, int count) throws IOException {
            int until = bytes.writerIndex() + count;
            while (bytes.writerIndex() < until) {
                long position = given.body().partPosition(0) + bytes.writerIndex();
                int read = bytes.writeBytes(given.body().partChannel(0), position, until - bytes.writerIndex());
                if (read < 0) {
                    throw new EOFException("message file ends at " + position);
                }
            }
        }
    }
}
