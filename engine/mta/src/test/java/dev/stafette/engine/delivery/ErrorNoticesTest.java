// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.delivery.smtp.ServerErrors;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.notice.NoticeSettings;
import dev.stafette.engine.notice.NoticeWay;
import dev.stafette.engine.notice.Postmaster;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressRewriter;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the postmaster is told of servers that misbehave; texts are those of Postfix 3.7. */
class ErrorNoticesTest {
    private static final String RELAY = "mx.c.test[192.0.2.9]:25";

    private final KeptQueue queue = new KeptQueue();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private @Nullable ServerErrors errors(String classes, String protocol) {
        Settings settings = FakeHost.settings(
                "myhostname = mx.b.test",
                "mydomain = b.test",
                "notify_classes = " + classes,
                "error_notice_recipient = errors");
        AddressRewriter addresses = AddressRewriter.of(settings, AddressClasses.of(settings, ListTables.UNOPENED));
        NoticeWay way = new NoticeWay();
        way.open(
                new IntakeLoop(channel.eventLoop(), UnpooledByteBufAllocator.DEFAULT, queue, ZoneOffset.UTC, 1 << 20),
                new KeptLog().log());
        return ErrorNotices.of(
                protocol,
                new Postmaster(
                        NoticeSettings.of(settings, addresses), "Stafette", new IntakeSettings("mx.b.test", 50, 0)),
                way);
    }

    private void tell(@Nullable ServerErrors errors, MailAddress sender, boolean isProtocol, boolean isData) {
        if (errors != null) {
            errors.onErrors(
                    new ServerErrors.Told(RELAY, sender, isProtocol, isData, List.of("In:  500 no", "Out: QUIT")));
        }
        channel.runPendingTasks();
    }

    @ParameterizedTest
    @CsvSource({"SMTP", "LMTP"})
    void writesAsPostfix(String protocol) {
        tell(errors("protocol", protocol), MailAddress.of("s", "a.test"), true, false);
        KeptQueue.Kept notice = queue.messages().get(0);
        assertEquals("double-bounce@mx.b.test", notice.envelope().sender().external());
        assertEquals(
                List.of("errors@mx.b.test"),
                notice.envelope().recipients().stream()
                        .map(EnvelopeRecipient::address)
                        .map(MailAddress::external)
                        .toList());
        List<String> lines = notice.body().lines().toList();
        assertEquals(
                List.of(
                        "From: Mail Delivery System <MAILER-DAEMON@mx.b.test>",
                        "To: Postmaster <errors@mx.b.test>",
                        "Subject: Stafette " + protocol + " client: errors from " + RELAY),
                lines.subList(1, 4));
        assertEquals(
                List.of(
                        "",
                        "Unexpected response from " + RELAY + ".",
                        "",
                        "Transcript of session follows.",
                        "",
                        " In:  500 no",
                        " Out: QUIT",
                        "",
                        "For other details, see the local mail logfile"),
                lines.subList(5, lines.size()));
    }

    @ParameterizedTest
    @CsvSource({
        "protocol, s@a.test, true, false, 1",
        "protocol, s@a.test, false, true, 0",
        "data, s@a.test, false, true, 1",
        "data, s@a.test, true, false, 0",
        "'data, protocol', s@a.test, true, true, 1",
        "protocol, '', true, false, 0",
        "protocol, double-bounce@mx.b.test, true, false, 0"
    })
    void tellsOfTheClassesThatAreWantedButNotOfNotices(
            String classes, String sender, boolean isProtocol, boolean isData, int count) {
        int at = sender.indexOf('@');
        MailAddress from =
                at < 0 ? MailAddress.NULL : MailAddress.of(sender.substring(0, at), sender.substring(at + 1));
        tell(errors(classes, "SMTP"), from, isProtocol, isData);
        assertEquals(count, queue.messages().size());
    }

    @Test
    void keepsNothingWhereNobodyAsks() {
        assertNull(errors("resource, software", "SMTP"));
        assertNull(errors("bounce, 2bounce, delay, policy, resource, software", "SMTP"));
    }
}
