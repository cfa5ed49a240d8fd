// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.HeaderName;
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
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Gives a transport messages with other addresses in envelope and header: smtp_generic_maps. Of the stored message it reads the
 * header, and the rest goes its way as it is.
 * Thread: any; a worker reads, and an event loop asks the tables, which holds up that message alone.
 */
final class GenericTransport implements Transport {
    private static final int LOOKUPS_MAX = 20_000;

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
        private final StoredHeader stored;
        private final List<Field> fields = new ArrayList<>();

        Passage(DeliveryRequest given) {
            this.given = given;
            this.stored = new StoredHeader(given.body());
            this.envelope = given.envelope();
        }

        void read() {
            try {
                stored.read(new BodyCursor(given.body()));
            } catch (IOException e) {
                defer(String.valueOf(e.getMessage()));
                return;
            }
            HeaderFields header = stored.fields();
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
            next.deliver(given.as(mapped.envelope(), body(mapped.fields())));
        }

        private MessageBody body(List<Field> changed) {
            MessageBody body = given.body();
            if (!changed.isEmpty()) {
                HeaderAddresses.write(changed, stored.fields());
                body = stored.changed();
            }
            stored.release();
            return body;
        }

        private void defer(String why) {
            stored.release();
            Deferral.tell(given, why);
        }
    }
}
