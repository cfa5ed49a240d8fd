// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.feedback;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.event.EventLog;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.intake.TestIntake;
import dev.stafette.engine.intake.TestSteps;
import dev.stafette.storage.format.QueueId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Mail that leaves under a seal, and what comes back of it. */
final class ReturnedMail implements AutoCloseable {
    static final long DAY_MS = 86_400_000L;
    static final long NOW_MS = 1_700_000_000_000L;
    private static final String KEYS = "# keys\nk MDEyMzQ1Njc4OWFiY2RlZg==\nj ZmVkY2JhOTg3NjU0MzIxMA==\n";

    private final Path directory;
    private final TestIntake intake = new TestIntake();
    private final QueueId.Source ids = new QueueId.Source(0, QueueId.NONE);
    private final EventLog events;
    private final FeedbackSteps steps;
    private final Settings settings;

    long nowMs = NOW_MS;

    ReturnedMail(Path directory, String... mainCf) throws IOException {
        this.directory = directory;
        Files.writeString(directory.resolve("keys"), KEYS);
        List<String> lines = new ArrayList<>(List.of(
                "event_log = " + directory.resolve("events"),
                "return_address_key_file = " + directory.resolve("keys"),
                "return_address_senders = a.test, News@d.test",
                "tenant_header_field = X-Tenant",
                "campaign_header_field = X-Campaign"));
        lines.addAll(Arrays.asList(mainCf));
        settings = FakeHost.settings(lines.toArray(new String[0]));
        events = Objects.requireNonNull(EventLog.open(settings, intake.log().log()));
        steps = new FeedbackSteps(new SeenReports(), events, Runnable::run);
    }

    /** The envelope of a message as it is queued. */
    Envelope sent(String sender, boolean isOurs, String header, String... recipients) {
        IntakeStep step = steps.sealOf(settings);
        if (step == null) {
            throw new IllegalStateException("no sender is sealed");
        }
        run(step, isOurs, sender, header + "\r\n\r\ntext\r\n.\r\n", recipients);
        return intake.lastKept().envelope();
    }

    /** {@code message}: with line feeds. What comes of it: {@code queued} for whom, {@code gone}, or a reply. */
    String came(String message, String... recipients) {
        IntakeStep step = Objects.requireNonNull(steps.of(settings));
        int before = intake.queue().messages().size();
        String wire = message.replace("\n", "\r\n").replace("\r\n.", "\r\n..") + "\r\n.\r\n";
        run(step, false, "", wire, recipients);
        String end = intake.takeEnd();
        if (!end.equals(TestIntake.TAKEN)) {
            return end;
        }
        return intake.queue().messages().size() == before
                ? "gone"
                : "queued "
                        + String.join(
                                " ",
                                intake.queue().messages().get(before).envelope().recipients().stream()
                                        .map(one -> one.address().external())
                                        .toList());
    }

    private void run(IntakeStep step, boolean isOurs, String sender, String wire, String... recipients) {
        List<EnvelopeRecipient> to = Arrays.stream(recipients)
                .map(one -> new EnvelopeRecipient(address(one)))
                .toList();
        long id = ids.next(nowMs * 1000);
        intake.send(
                TestSteps.settings(step),
                intake.arrival(id, nowMs, Envelope.of(address(sender), to), isOurs, null),
                wire.getBytes(StandardCharsets.UTF_8));
    }

    private static MailAddress address(String text) {
        return text.isEmpty() ? MailAddress.NULL : Objects.requireNonNull(AddressParser.parse(text));
    }

    /** Lines of the event log without their times. Ends it. */
    List<String> events() throws IOException {
        events.close();
        return Files.readAllLines(directory.resolve("events")).stream()
                .map(line -> line.replaceFirst("\"time\": \"[^\"]*\", ", "")
                        .replaceFirst("\"report_id\": \"[^\"]*\", ", "")
                        .replaceFirst("\"queue_id\": \"[^\"]*\", ", ""))
                .toList();
    }

    /** Ends it. */
    String log() {
        return String.join("\n", intake.log().lines());
    }

    Settings settings() {
        return settings;
    }

    @Override
    public void close() {
        events.close();
        intake.close();
    }
}
