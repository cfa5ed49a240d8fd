// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.MessageOrigin;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.command.CommandResult;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.copy.CopyRules;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program is called with, and what is told of it; the programs themselves are not run. */
class PipeTransportTest {
    private static final String MESSAGE = "Subject: x\nDelivered-To: Loop@B.test\n\nbody\n";

    @TempDir
    private Path directory;

    private final KeptCommands commands = new KeptCommands();
    private final List<String> warnings = new ArrayList<>();
    private Executor threads = Runnable::run;
    private String mainCf = "";
    private MailAddress sender = address("s@a.test");
    private TraceMode trace = TraceMode.NONE;
    private List<EnvelopeRecipient> recipients = List.of(new EnvelopeRecipient(address("u+x@b.test")));

    @BeforeEach
    void needsAnAccountOfTheSystem() {
        assertTrue(RowUser.find("daemon", "").ids() != null, "no account 'daemon'");
    }

    private static MailAddress address(String text) {
        int at = text.lastIndexOf('@');
        return MailAddress.of(text.substring(0, at), text.substring(at + 1));
    }

    private PipeTransport transport(String attributes) throws IOException {
        Files.writeString(directory.resolve("main.cf"), "myhostname = mx.b.test\nrecipient_delimiter = +\n" + mainCf);
        Files.writeString(directory.resolve("master.cf"), "prog unix - n n - - pipe\n  " + attributes + "\n");
        Configuration configuration = Configuration.read(directory, new LocalHost());
        ServiceRow row = configuration.services().get(0);
        var settings = configuration.settings().forService(row);
        return new PipeTransport(
                PipeSettings.of(
                        row,
                        settings,
                        AddressKeys.of(settings, AddressClasses.of(settings, ListTables.UNOPENED)),
                        configuration.queueDirectory()),
                new PipeParts(commands, threads, warnings::add));
    }

    private DeliveryOutcome deliver(String attributes) throws IOException {
        return deliver(transport(attributes));
    }

    private DeliveryOutcome deliver(PipeTransport transport) {
        Envelope envelope = new Envelope(
                sender,
                false,
                false,
                DsnReturn.UNSPECIFIED,
                "env1",
                trace,
                null,
                recipients,
                null,
                new MessageOrigin(null, "IPv6:2001:db8::1", "4711", "ESMTP", "helo.test", "Q", false));
        int[] indexes = new int[recipients.size()];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = i;
        }
        FileBody body = FileBody.of(MESSAGE).inHead();
        List<DeliveryOutcome> outcomes = new ArrayList<>();
        transport.deliver(new DeliveryRequest(
                "QID1",
                "Hop.test",
                envelope,
                indexes,
                body,
                (request, report) -> outcomes.addAll(List.of(report.outcomes())),
                1,
                "",
                "",
                null,
                ""));
        assertEquals(recipients.size(), outcomes.size());
        assertTrue(body.isReleased());
        return outcomes.get(0);
    }

    private List<String> words(String attributes) throws IOException {
        deliver(attributes);
        List<String> words = commands.last().line().ways().get(0);
        return words.subList(1, words.size());
    }

    private static void assertOutcome(Kind kind, String status, String text, DeliveryOutcome outcome) {
        assertEquals(kind + " " + status + " " + text, outcome.kind() + " " + outcome.status() + " " + outcome.text());
    }

    @Test
    void tellsWhichServiceHasDelivered() throws IOException {
        DeliveryOutcome outcome = deliver("user=daemon argv=/bin/prog");
        assertOutcome(Kind.DELIVERED, "2.0.0", "delivered via prog service", outcome);
        assertEquals("prog", outcome.relay());
        assertEquals(Handover.RELAYED, outcome.handover());
        commands.answer = new CommandResult(Kind.DELIVERED, EnhancedStatus.SENT, "x".repeat(200) + "  ");
        outcome = deliver("flags=X user=daemon argv=/bin/prog");
        assertOutcome(Kind.DELIVERED, "2.0.0", "delivered via prog service (" + "x".repeat(100) + ")", outcome);
        assertEquals(Handover.FINAL, outcome.handover());
    }

    @Test
    void hasTheMacrosOfAMessage() throws IOException {
        assertEquals(
                List.of(
                        "s@a.test",
                        "Hop.test",
                        "47",
                        "IPv6:2001:db8::1",
                        "unknown",
                        "4711",
                        "ESMTP",
                        "helo.test",
                        "QID1"),
                words("user=daemon argv=/bin/prog $sender ${nexthop} $(size) $client_address $client_hostname"
                        + " $client_port $client_protocol $client_helo $queue_id"));
        assertEquals(
                List.of("env1", "", "", "", "$x"),
                words("user=daemon argv=/bin/prog $envid $sasl_method" + " $sasl_username $sasl_sender $$x"));
    }

    @Test
    void repeatsWhatSpeaksOfARecipient() throws IOException {
        recipients = List.of(new EnvelopeRecipient(address("u+x@b.test")), new EnvelopeRecipient(address("v@c.test")));
        assertEquals(
                List.of("-d", "(u+x@b.test)", "(v@c.test)", "u:x", "v:", "u+x", "v", "b.test", "c.test"),
                words("user=daemon argv=/bin/prog -d ($recipient) ${user}:${extension} $mailbox $domain"));
    }

    @Test
    void knowsWhomTheSenderAskedFor() throws IOException {
        recipients = List.of(new EnvelopeRecipient(address("alias@b.test")).at(address("u@b.test")));
        assertEquals(
                List.of("u@b.test", "alias@b.test"),
                words("user=daemon argv=/bin/prog $recipient $original_recipient"));
        deliver("flags=DOR user=daemon argv=/bin/prog");
        assertEquals(
                new CopyAddresses("s@a.test", "alias@b.test", "u@b.test"),
                commands.last().addresses());
        mainCf = "enable_original_recipient = no\n";
        deliver("flags=DOR user=daemon argv=/bin/prog");
        assertEquals("", commands.last().addresses().originalTo());
    }

    @Test
    void quotesAndFoldsAddressesWhereFlagsSaySo() throws IOException {
        sender = MailAddress.of("S S", "A.test");
        recipients = List.of(new EnvelopeRecipient(MailAddress.of("U \"U+X", "B.test")));
        String command = " user=daemon argv=/bin/prog $sender $recipient $user $extension $domain $nexthop";
        assertEquals(
                List.of("S S@A.test", "U \"U+X@B.test", "U \"U", "X", "B.test", "Hop.test"),
                words("flags=R" + command));
        assertEquals(
                List.of("\"S S\"@A.test", "\"u \\\"u+x\"@b.test", "u \"u", "x", "b.test", "hop.test"),
                words("flags=hqu" + command));
    }

    @Test
    void putsAnotherInThePlaceOfNobody() throws IOException {
        sender = MailAddress.NULL;
        assertEquals(List.of("MAILER-DAEMON"), words("user=daemon argv=/bin/prog $sender"));
        assertEquals("MAILER-DAEMON", commands.last().addresses().sender());
        assertEquals(List.of("-f", ""), words("null_sender= user=daemon argv=/bin/prog -f $sender"));
        assertEquals("", commands.last().addresses().sender());
        assertEquals(List.of("b@c.test"), words("null_sender=b@c.test user=daemon argv=/bin/prog $sender"));
    }

    @Test
    void readsEveryAttribute() throws IOException {
        mainCf = "prog_time_limit = 7m\nexport_environment = A=b { C=d e }\n";
        deliver("FLAGS=BDFOR.> eol=\\r\\n\\101\\\\ directory=/var/tmp user=daemon:sys argv=/bin/prog { a b } -o -v");
        CommandOrder order = commands.last();
        assertEquals(new CopyRules(true, true, true, true, true, true, true, "\r\nA\\"), order.rules());
        assertEquals(
                List.of("/bin/prog", "a b", "-o", "-v"), order.line().ways().get(0));
        assertEquals("/var/tmp", order.directory());
        assertEquals(Duration.ofMinutes(7), order.timeLimit());
        assertEquals(
                "b|d e|/usr/bin:/bin",
                String.join(
                        "|",
                        order.environment().get("A"),
                        order.environment().get("C"),
                        order.environment().get("PATH")));
        assertEquals(RowUser.find("daemon", "sys").ids(), order.user());
        deliver("user=daemon argv=/bin/prog");
        assertEquals("/var/spool/stafette", commands.last().directory());
    }

    @Test
    void refusesRowsThatCannotBeMeant() {
        for (String attributes : List.of(
                "user=daemon",
                "argv=/bin/prog",
                "flags=Z user=daemon argv=/bin/prog",
                "usr=daemon argv=/bin/prog",
                "size=many user=daemon argv=/bin/prog",
                "user=:x argv=/bin/prog",
                "user=daemon argv=")) {
            assertThrows(ConfigException.class, () -> transport(attributes), attributes);
        }
    }

    @Test
    void defersWhatOnlyTheAdministratorCanHelp() throws IOException {
        assertOutcome(
                Kind.DEFERRED, "4.3.0", "unknown username: no-such-user", deliver("user=no-such-user argv=/bin/prog"));
        assertOutcome(
                Kind.DEFERRED,
                "4.3.0",
                "unknown group: no-such-group",
                deliver("user=daemon:no-such-group argv=/bin/prog"));
        assertOutcome(
                Kind.DEFERRED,
                "4.3.0",
                "user= command-line attribute specifies root privileges",
                deliver("user=root argv=/bin/prog"));
        assertOutcome(
                Kind.DEFERRED,
                "4.3.5",
                "mail system configuration error",
                deliver("chroot=/var/empty user=daemon argv=/bin/prog"));
        assertEquals("service prog: chroot= is not supported", warnings.get(warnings.size() - 1));
        assertOutcome(
                Kind.DEFERRED,
                "4.3.5",
                "mail system configuration error",
                deliver("user=daemon argv=/bin/prog $recipent"));
        assertEquals("service prog: unknown macro name: \"recipent\"", warnings.get(warnings.size() - 1));
        recipients = List.of(new EnvelopeRecipient(address("u@b.test")), new EnvelopeRecipient(address("v@b.test")));
        assertOutcome(
                Kind.DEFERRED,
                "4.3.5",
                "mail system configuration error",
                deliver("flags=O user=daemon argv=/bin/prog"));
        assertEquals("pipe flag `O' requires prog_destination_recipient_limit = 1", warnings.get(warnings.size() - 1));
        assertEquals(List.of(), commands.orders);
    }

    @Test
    void bouncesWhatIsTooLargeOrGoesInCircles() throws IOException {
        assertOutcome(Kind.BOUNCED, "5.2.3", "message too large", deliver("size=46 user=daemon argv=/bin/prog"));
        recipients = List.of(new EnvelopeRecipient(address("loop@b.test")));
        assertOutcome(
                Kind.BOUNCED,
                "5.4.6",
                "mail forwarding loop for loop@b.test",
                deliver("flags=D user=daemon argv=/bin/prog"));
        assertEquals(List.of(), commands.orders);
        deliver("user=daemon argv=/bin/prog");
        assertEquals(1, commands.orders.size());
    }

    @Test
    void runsNothingForThoseWhoOnlyAsk() throws IOException {
        trace = TraceMode.VERIFY;
        assertOutcome(
                Kind.DELIVERED, "2.0.0", "delivers to command: /bin/prog", deliver("user=daemon argv=/bin/prog x"));
        assertEquals(List.of(), commands.orders);
    }

    @Test
    void passesOnWhatTheProgramMeans() throws IOException {
        commands.answer = new CommandResult(Kind.BOUNCED, EnhancedStatus.of(5, 1, 1), "user unknown");
        assertOutcome(Kind.BOUNCED, "5.1.1", "user unknown", deliver("user=daemon argv=/bin/prog"));
    }

    @Test
    void beginsNothingOnceItIsClosed() throws IOException {
        PipeTransport transport = transport("user=daemon argv=/bin/prog");
        transport.close();
        assertOutcome(Kind.DEFERRED, "4.3.0", "the mail system stops", deliver(transport));
    }
}
