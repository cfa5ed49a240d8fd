// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.intake.SendingClient;
import dev.stafette.engine.intake.TestIntake;
import dev.stafette.engine.intake.TestSteps;
import dev.stafette.engine.names.FakeZone;
import dev.stafette.engine.names.HostsFile;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.storage.format.BodyRef;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Messages of a stranger on their way through a server that verifies them. */
final class VerifiedMail implements AutoCloseable {
    private static final long MS_PER_S = 1000;

    final FakeZone zone = new FakeZone();
    final EmbeddedChannel channel;
    private final TestIntake intake;
    private final List<IntakeStep> lastSteps = new ArrayList<>();
    private IntakeStep step = step("smtpd_authentication_methods = dkim");

    String sender = "s@a.test";
    boolean isStranger = true;
    long nowS = 1_700_000_000;

    VerifiedMail() {
        this(UnpooledByteBufAllocator.DEFAULT);
    }

    private VerifiedMail(ByteBufAllocator allocator) {
        intake = new TestIntake(allocator);
        channel = intake.channel();
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
        int at = sender.lastIndexOf('@');
        MailAddress from =
                at < 0 ? MailAddress.NULL : MailAddress.of(sender.substring(0, at), sender.substring(at + 1));
        Envelope envelope = Envelope.of(from, List.of(new EnvelopeRecipient(MailAddress.of("u", "b.test"))));
        SendingClient client =
                new SendingClient(NetUtil.createInetAddressFromIpAddressString("192.0.2.7"), "helo.test", isStranger);
        long id = intake.queue().nextQueueId(0);
        intake.send(
                TestSteps.settingsWithFirst(step, lastSteps),
                intake.arrival(id, nowS * MS_PER_S, envelope, false, client),
                wire.getBytes(StandardCharsets.ISO_8859_1));
        return last();
    }

    String last() {
        String end = intake.takeEnd().strip();
        return end.equals(TestIntake.TAKEN) ? intake.lastKept().content() : end;
    }

    boolean isHeld() {
        return (intake.lastKept().bodyFlags() & BodyRef.HELD) != 0;
    }

    /** Our field on top of a stored message, in one line; else the message, or the reply. */
    static String results(String stored) {
        String unfolded = stored.replaceAll("\r\n[ \t]+", " ");
        int end = unfolded.indexOf("\r\n");
        String first = end < 0 ? unfolded : unfolded.substring(0, end);
        return first.startsWith("Authentication-Results: mx.b.test; ") ? first.substring(35) : stored;
    }

    String log() {
        return String.join("\n", intake.log().lines());
    }

    @Override
    public void close() {
        intake.close();
    }
}
