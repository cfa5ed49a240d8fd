// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.Entrance;
import dev.stafette.engine.intake.IntakeListener;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.intake.MessageIntake;
import dev.stafette.engine.intake.SendingClient;
import dev.stafette.engine.intake.TestSteps;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.names.FakeZone;
import dev.stafette.engine.names.HostsFile;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages of a stranger on their way through a server that verifies them. */
final class VerifiedMail implements AutoCloseable {
    private static final long MS_PER_S = 1000;
    private static final int PIECE_BYTES = 1 << 20;

    final FakeZone zone = new FakeZone();
    final EmbeddedChannel channel = new EmbeddedChannel();
    private final KeptQueue queue = new KeptQueue();
    private final KeptLog log = new KeptLog();
    private final IntakeLoop loop;
    private final List<String> ends = new ArrayList<>();
    private final List<IntakeStep> lastSteps = new ArrayList<>();
    private IntakeStep step = step("smtpd_authentication_methods = dkim");

    String sender = "s@a.test";
    boolean isStranger = true;
    long nowS = 1_700_000_000;

    VerifiedMail() {
        this(UnpooledByteBufAllocator.DEFAULT);
    }

    private VerifiedMail(ByteBufAllocator allocator) {
        loop = new IntakeLoop(channel.eventLoop(), allocator, queue, ZoneOffset.UTC, 3 << 20);
    }

    /** For hundreds of messages: nothing looks for leaks, which takes a stack trace a byte. */
    static VerifiedMail ofMany() {
        return new VerifiedMail(new UnpooledByteBufAllocator(false, true));
    }

    private IntakeStep step(String... mainCf) {
        List<String> lines = new ArrayList<>(List.of("myhostname = mx.b.test"));
        lines.addAll(Arrays.asList(mainCf));
        Settings settings = FakeHost.settings(lines.toArray(new String[0]));
        IntakeStep made =
                new VerificationSteps(new NameQuestions(zone, HostsFile.of(List.of())), Runnable::run).of(settings);
        if (made == null) {
            throw new IllegalStateException("nothing is verified");
        }
        return made;
    }

    void configure(String... mainCf) {
        step = step(mainCf);
    }

    void endWith(IntakeStep last) {
        lastSteps.add(last);
    }

    void endWithNothing() {
        lastSteps.clear();
    }

    /** The message as it is stored, or the reply that refuses it; empty: neither yet. {@code wire}: with its dot line. */
    String take(String wire) {
        MessageIntake message = open();
        byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
        for (int at = 0; at < bytes.length; at += PIECE_BYTES) {
            int length = Math.min(PIECE_BYTES, bytes.length - at);
            message.room(length).writeBytes(bytes, at, length);
            if (at + length < bytes.length) {
                message.onWritten();
                channel.runPendingTasks();
            }
        }
        message.end(0);
        channel.runPendingTasks();
        return last();
    }

    String last() {
        channel.runPendingTasks();
        String end = ends.isEmpty() ? "" : ends.remove(ends.size() - 1);
        return end.equals("queued") ? kept().content() : end;
    }

    private KeptQueue.Kept kept() {
        return queue.messages().get(queue.messages().size() - 1);
    }

    boolean isHeld() {
        return (kept().bodyFlags() & BodyRef.HELD) != 0;
    }

    /** Our field on top of a stored message, in one line; else the message, or the reply. */
    static String results(String stored) {
        String unfolded = stored.replaceAll("\r\n[ \t]+", " ");
        int end = unfolded.indexOf("\r\n");
        String first = end < 0 ? unfolded : unfolded.substring(0, end);
        return first.startsWith("Authentication-Results: mx.b.test; ") ? first.substring(35) : stored;
    }

    private MessageIntake open() {
        long id = queue.nextQueueId(0);
        int at = sender.lastIndexOf('@');
        Arrival arrival = new Arrival(
                Entrance.SMTP,
                id,
                QueueId.format(id),
                nowS * MS_PER_S,
                0,
                Envelope.of(
                        at < 0 ? MailAddress.NULL : MailAddress.of(sender.substring(0, at), sender.substring(at + 1)),
                        List.of(new EnvelopeRecipient(MailAddress.of("u", "b.test")))),
                ReceivedHeader.ofUser(0, "mx.b.test", "Stafette"),
                false,
                false,
                null,
                "",
                false,
                new SendingClient(NetUtil.createInetAddressFromIpAddressString("192.0.2.7"), "helo.test", isStranger));
        IntakeListener session = new IntakeListener() {
            @Override
            public void onRoom() {}

            @Override
            public void onEnd(@Nullable SmtpReply refusal) {
                ends.add(refusal == null ? "queued" : refusal.toString().strip());
            }
        };
        return new MessageIntake(loop, TestSteps.settingsWithFirst(step, lastSteps), arrival, session, log.log());
    }

    String log() {
        return String.join("\n", log.lines());
    }

    @Override
    public void close() {
        channel.runPendingTasks();
        channel.finishAndReleaseAll();
        log.close();
    }
}
