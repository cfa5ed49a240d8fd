// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import dev.stafette.delivery.DeliveryPart;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.Transport;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.command.CommandResult;
import dev.stafette.delivery.error.ErrorTransport;
import dev.stafette.delivery.mailbox.AppendRecords;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.table.TestTables;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.TakenOver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTransportTest {
    private static final String ID = QueueId.format(new QueueId.Source(0, QueueId.NONE).next(1_000_000));

    @TempDir
    private Path directory;

    private final KeptLog log = new KeptLog();
    private final TestIdentity identity = new TestIdentity();
    private final List<CommandOrder> orders = new ArrayList<>();
    private final List<String> forwards = new ArrayList<>();
    private final List<@Nullable TakenOver> settled = new ArrayList<>();
    private @Nullable SmtpReply refusal;
    private int notifyBits = DsnNotify.UNSPECIFIED;
    private String content = "Subject: s\r\n\r\ntext\r\n";
    private DeliveryOutcome outcome;
    private Executor workers = Runnable::run;

    @BeforeEach
    void begin() throws IOException {
        StringBuilder accounts = new StringBuilder("nobody:x:65534:65534:nobody:/none:/bin/false\n");
        for (String user : List.of("joe", "ann", "bob")) {
            Path home = Files.createDirectories(directory.resolve("home/" + user));
            accounts.append(user + ":x:0:8::" + home + ":/bin/sh\n");
        }
        Files.writeString(directory.resolve("passwd"), accounts.toString().replace(":x:0:", ":x:" + ownId() + ":"));
        Files.createDirectories(directory.resolve("mail"));
        Files.setPosixFilePermissions(directory.resolve("mail"), PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** The owner of what the test writes; root would have no rights of its own. */
    private static int ownId() throws IOException {
        int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return uid == 0 ? 1000 : uid;
    }

    @AfterEach
    void end() {
        log.close();
    }

    private Transport transport(String... lines) throws IOException {
        String mainCf = "myhostname = mx.here.test\nmydestination = here.test\nmyorigin = here.test\n"
                + "recipient_delimiter = +\nmail_spool_directory = " + directory.resolve("mail")
                + "\nalias_maps =\nstrict_mailbox_ownership = no\n" + String.join("\n", lines) + "\n";
        Files.writeString(directory.resolve("main.cf"), mainCf.replace("%d", directory.toString()));
        Files.writeString(directory.resolve("master.cf"), "local unix - n n - - local\n");
        Configuration configuration = Configuration.read(directory, new LocalHost());
        TestTables tables = new TestTables(directory);
        MailboxRoom room = MailboxRoom.of(
                identity, AppendRecords.none(), "mx.here.test", task -> workers.execute(task), log.log());
        AddressRewriter rewriter =
                AddressRewriter.of(configuration.settings(), AddressClasses.of(configuration.settings(), tables::open));
        LocalParts parts = new LocalParts(
                room,
                (order, body, nowMs) -> {
                    orders.add(order);
                    return new CommandResult(
                            DeliveryOutcome.Kind.DELIVERED,
                            RecipientEnd.sent("").status(),
                            "");
                },
                (recipient, sender, inquiry) ->
                        new Route(recipient.domainKey().equals("here.test") ? "local" : "smtp", recipient.domain()),
                () -> rewriter,
                (envelope, body, deliveredTo, settles) -> {
                    forwards.add(envelope.sender() + " -> "
                            + envelope.recipients().stream()
                                    .map(one -> one.address() + "/" + one.given() + "/" + one.notifyBits())
                                    .toList()
                            + " by " + deliveredTo);
                    settled.add(settles);
                    return new LocalParts.Forwarded("NEWID" + forwards.size(), refusal);
                });
        return new LocalTransport(
                "local",
                "local",
                LocalSettings.of(configuration.settings(), tables::open),
                parts,
                name -> name.equals("other") ? ErrorTransport.bouncing() : null,
                new UserAccounts(directory.resolve("passwd"), List.of()));
    }

    private List<String> deliver(Transport transport, String recipient) throws IOException {
        return deliver(transport, TraceMode.NONE, recipient);
    }

    private List<String> deliver(Transport transport, TraceMode trace, String recipient) throws IOException {
        FileBody body = FileBody.ofWire(content);
        List<DeliveryReport> reports = new ArrayList<>();
        transport.deliver(request(trace, recipient, body, reports));
        assertTrue(body.isReleased());
        outcome = reports.get(0).outcomes()[0];
        List<String> told = new ArrayList<>();
        if (outcome.parts().isEmpty()) {
            told.add(told(outcome));
        }
        for (DeliveryPart part : outcome.parts()) {
            told.add(part.recipient().address() + " " + told(part.outcome()));
        }
        return told;
    }

    private DeliveryRequest request(TraceMode trace, String recipient, FileBody body, List<DeliveryReport> reports) {
        Envelope envelope = new Envelope(
                AddressList.split("s@s.test"),
                false,
                false,
                DsnReturn.UNSPECIFIED,
                null,
                trace,
                null,
                List.of(new EnvelopeRecipient(AddressList.split(recipient), notifyBits, null)));
        return new DeliveryRequest(
                ID,
                "here.test",
                envelope,
                new int[] {0},
                body,
                (asked, report) -> reports.add(report),
                1,
                DeliveryRequest.ANY_SOURCE,
                DeliveryRequest.NO_TENANT,
                null,
                "mine");
    }

    private String told(DeliveryOutcome one) {
        return (one.status() + " " + one.text()).replace(directory.toString(), "%d");
    }

    private String mailbox(String user) throws IOException {
        return Files.readString(directory.resolve("mail/" + user));
    }

    private void forward(String user, String text) throws IOException {
        Files.writeString(directory.resolve("home/" + user + "/.forward"), text);
    }

    @Test
    void deliversToTheMailboxOfAUser() throws IOException {
        assertEquals(List.of("2.0.0 delivered to mailbox"), deliver(transport(), "Joe+x@Here.Test"));
        assertTrue(
                mailbox("joe")
                        .contains("\nReturn-Path: <s@s.test>\nX-Original-To: Joe+x@Here.Test\n"
                                + "Delivered-To: Joe+x@Here.Test\nSubject: s\n\ntext\n\n"),
                mailbox("joe"));
        assertEquals(
                List.of("joe " + ownId() + ":8", "joe " + ownId() + ":8", "joe " + ownId() + ":8"), identity.asked());
        assertEquals(List.of("5.1.1 unknown user: \"nobody2\""), deliver(transport(), "nobody2@here.test"));
    }

    /** A user's work is asked for once for all of them: is there a forward file, and the letters. */
    @Test
    void deliversTogetherWhatHasComeForOneMailbox() throws IOException {
        Deque<Runnable> tasks = new ArrayDeque<>();
        workers = tasks::add;
        Transport transport = transport("forward_path = $home/.forward");
        List<DeliveryReport> reports = new ArrayList<>();
        List<FileBody> bodies = new ArrayList<>();
        for (String recipient : List.of("joe@here.test", "joe+x@here.test", "ann@here.test", "JOE@here.test")) {
            FileBody body = FileBody.ofWire("Subject: " + recipient + "\r\n\r\n");
            bodies.add(body);
            transport.deliver(request(TraceMode.NONE, recipient, body, reports));
        }
        assertEquals(2, tasks.size());
        tasks.remove().run();
        assertEquals(3, reports.size());
        assertEquals(
                List.of("joe " + ownId() + ":8", "joe " + ownId() + ":8"),
                identity.asked(),
                identity.asked()::toString);
        assertTrue(
                Pattern.matches("(?s).*Subject: joe@.*Subject: joe\\+x@.*Subject: JOE@.*", mailbox("joe")),
                mailbox("joe"));
        tasks.remove().run();
        assertTrue(mailbox("ann").contains("Subject: ann@"));
        reports.forEach(report -> assertEquals("delivered to mailbox", report.outcomes()[0].text()));
        bodies.forEach(body -> assertTrue(body.isReleased()));
        assertEquals(List.of(), List.copyOf(tasks));
    }

    @Test
    void deliversBelowTheHomeWhereMainCfSaysSo() throws IOException {
        assertEquals(
                List.of("2.0.0 delivered to maildir"), deliver(transport("home_mailbox = Maildir/"), "joe@here.test"));
        try (Stream<Path> files = Files.list(directory.resolve("home/joe/Maildir/new"))) {
            assertEquals(1, files.count());
        }
        assertEquals(List.of("2.0.0 delivered to mailbox"), deliver(transport("home_mailbox = mbox"), "joe@here.test"));
        assertTrue(Files.exists(directory.resolve("home/joe/mbox")));
        assertEquals(
                List.of("2.0.0 delivered to maildir"),
                deliver(transport("mail_spool_directory = %d/mail/"), "ann@here.test"));
        assertTrue(Files.exists(directory.resolve("mail/ann/new")));
    }

    @Test
    void expandsAliasesToUsersFilesAndPrograms() throws IOException {
        Transport transport = transport(
                "alias_maps = inline:{ { all = joe, ann+x, who@far.test, /%d/file, \"|cmd -a b\" }, { sys = root2 } }");
        assertEquals(
                List.of(
                        "joe@here.test 2.0.0 delivered to mailbox",
                        "ann+x@here.test 2.0.0 delivered to mailbox",
                        "all@here.test 2.0.0 delivered to file: /%d/file",
                        "all@here.test 2.0.0 delivered to command: cmd -a b",
                        "all@here.test 2.0.0 forwarded as NEWID1"),
                deliver(transport, "all@here.test"));
        assertEquals(List.of("s@s.test -> [who@far.test/all@here.test/0] by all@here.test"), forwards);
        CommandOrder order = orders.get(0);
        assertEquals("nobody", order.user().name());
        assertEquals("all", order.environment().get("LOCAL"));
        assertNull(order.environment().get("HOME"));
        assertTrue(
                mailbox("ann").contains("X-Original-To: all@here.test\nDelivered-To: all@here.test\n"), mailbox("ann"));
        assertEquals(List.of("root2@here.test 5.1.1 unknown user: \"root2\""), deliver(transport, "sys@here.test"));
    }

    @Test
    void letsTheLastMessageThatGoesOnTakeTheRecipientsPlace() throws IOException {
        Transport transport = transport("alias_maps = inline:{ { a = x@far.test }, { b = x@far.test, nobody2 } }");
        deliver(transport, "a@here.test");
        TakenOver taken = assertNotNullTaken(settled.get(0));
        assertEquals(List.of(0), taken.recipients());
        assertEquals(QueueId.parse(ID), taken.queueId());
        // Somebody is to be told that nobody2 is not there.
        deliver(transport, "b@here.test");
        assertNull(settled.get(1));
        assertEquals(DeliveryOutcome.Kind.BOUNCED, outcome.kind());
    }

    private static TakenOver assertNotNullTaken(@Nullable TakenOver taken) {
        assertNotNull(taken);
        return taken;
    }

    @Test
    void sendsMembersOfAListOnInItsOwnersName() throws IOException {
        notifyBits = DsnNotify.SUCCESS | DsnNotify.FAILURE;
        Transport transport = transport(
                "alias_maps = inline:{ { list = joe, x@far.test }, { owner-list = ann }, { o2 = joe }, { owner-o2 ="
                        + " ann } }");
        assertEquals(List.of("2.0.0 forwarded as NEWID1"), deliver(transport, "list@here.test"));
        assertEquals(
                List.of("owner-list@here.test -> [joe@here.test/joe@here.test/" + DsnNotify.FAILURE
                        + ", x@far.test/x@far.test/" + DsnNotify.FAILURE + "] by list@here.test"),
                forwards);
        assertEquals(Handover.EXPANDED, outcome.handover());
        assertNull(settled.get(0));
        deliver(
                transport(
                        "alias_maps = inline:{ { o2 = joe }, { owner-o2 = ann@a.test } }", "expand_owner_alias = yes"),
                "o2@here.test");
        assertTrue(forwards.get(1).startsWith("ann@a.test -> [joe@here.test"), forwards::toString);
    }

    @Test
    void followsForwardFiles() throws IOException {
        forward("joe", "# a comment\n\\joe, x@far.test\n\"|prog $EXTENSION\"\n~/copy\n");
        assertEquals(
                List.of(
                        "joe@here.test 2.0.0 delivered to mailbox",
                        "joe@here.test 2.0.0 delivered to command: prog $EXTENSION",
                        "joe@here.test 2.0.0 delivered to file: %d/home/joe/copy",
                        "joe@here.test 2.0.0 forwarded as NEWID1"),
                deliver(transport(), "joe@here.test"));
        CommandOrder order = orders.get(0);
        assertEquals("joe", order.user().name());
        assertEquals(
                Map.of("HOME", directory + "/home/joe", "SHELL", "/bin/sh", "USER", "joe", "LOGNAME", "joe"),
                Map.of(
                        "HOME", order.environment().get("HOME"),
                        "SHELL", order.environment().get("SHELL"),
                        "USER", order.environment().get("USER"),
                        "LOGNAME", order.environment().get("LOGNAME")));
        forward("ann", "joe");
        assertEquals(List.of("2.0.0 forwarded as NEWID2"), deliver(transport(), "ann@here.test"));
        assertEquals("s@s.test -> [joe@here.test/ann@here.test/0] by ann@here.test", forwards.get(1));
    }

    @Test
    void looksForAForwardFileOfTheExtensionFirst() throws IOException {
        Files.writeString(directory.resolve("home/joe/.forward+list"), "y@far.test");
        forward("joe", "x@far.test");
        deliver(transport(), "joe+list@here.test");
        deliver(transport(), "joe+other@here.test");
        deliver(transport("propagate_unmatched_extensions = forward"), "joe+other@here.test");
        assertEquals(
                List.of(
                        "s@s.test -> [y@far.test/joe+list@here.test/0] by joe+list@here.test",
                        "s@s.test -> [x@far.test/joe+other@here.test/0] by joe+other@here.test",
                        "s@s.test -> [x+other@far.test/joe+other@here.test/0] by joe+other@here.test"),
                forwards);
    }

    @Test
    void trustsNoForwardFileThatOthersMayWrite() throws IOException {
        forward("joe", "x@far.test");
        Files.setPosixFilePermissions(
                directory.resolve("home/joe/.forward"), PosixFilePermissions.fromString("rw-rw-rw-"));
        assertEquals(List.of("2.0.0 delivered to mailbox"), deliver(transport(), "joe@here.test"));
        assertEquals(
                List.of("local: warning: file " + directory + "/home/joe/.forward is world writable"), log.lines());
    }

    @Test
    void endsLoops() throws IOException {
        content = "Delivered-To: JOE@here.test\r\nSubject: s\r\n\r\nDelivered-To: ann@here.test\r\n";
        assertEquals(List.of("5.4.6 mail forwarding loop for joe@here.test"), deliver(transport(), "joe@here.test"));
        assertEquals(List.of("2.0.0 delivered to mailbox"), deliver(transport(), "ann@here.test"));
        Transport loop = transport("alias_maps = inline:{ { a = b }, { b = a }, { me = me } }");
        assertTrue(deliver(loop, "a@here.test").get(0).contains("5.4.6 "), () -> outcome.toString());
        assertEquals(List.of("5.1.1 unknown user: \"me\""), deliver(loop, "me@here.test"));
    }

    @Test
    void includesFilesAsTheirOwnersWroteThem() throws IOException {
        Files.writeString(directory.resolve("list"), "joe\n# ann\nx@far.test, y@far.test\n");
        Transport transport = transport(
                "alias_maps = inline:{ { l = :include:%d/list }, { rel = :include:list }, { no = :include:%d/no } }");
        assertEquals(List.of("2.0.0 forwarded as NEWID1"), deliver(transport, "l@here.test"));
        assertEquals(
                List.of("s@s.test -> [joe@here.test/l@here.test/0, x@far.test/l@here.test/0, y@far.test/l@here.test/0]"
                        + " by l@here.test"),
                forwards);
        assertEquals(List.of("5.3.5 mail system configuration error"), deliver(transport, "rel@here.test"));
        assertEquals(List.of("5.3.5 mail system configuration error"), deliver(transport, "no@here.test"));
    }

    @Test
    void restrictsProgramsAndFilesByWhereTheyStand() throws IOException {
        forward("joe", "\"|prog\"\n/%d/x\n".replace("%d", directory.toString()));
        Transport transport = transport("allow_mail_to_commands = alias", "allow_mail_to_files =");
        assertEquals(
                List.of(
                        "joe@here.test 5.7.1 mail to command is restricted",
                        "joe@here.test 5.7.1 mail to file is restricted"),
                deliver(transport, "joe@here.test"));
    }

    @Test
    void givesMailToOtherServices() throws IOException {
        assertEquals(
                List.of("joe@here.test 5.0.0 by"), deliver(transport("mailbox_transport = other:by"), "joe@here.test"));
        assertEquals(
                List.of("who@here.test 5.0.0 fall"),
                deliver(transport("fallback_transport = other:fall"), "who@here.test"));
        assertEquals(
                List.of("ann@here.test 5.0.0 map"),
                deliver(transport("mailbox_transport_maps = inline:{ann=other:map}"), "ann@here.test"));
        assertEquals(
                List.of("2.0.0 delivered to mailbox"),
                deliver(transport("mailbox_transport_maps = inline:{ann=other:map}"), "joe@here.test"));
        assertEquals(
                List.of("4.3.0 mail transport unavailable"),
                deliver(transport("mailbox_transport = none"), "joe@here.test"));
    }

    @Test
    void runsMailboxCommandsAsTheRecipient() throws IOException {
        Transport transport = transport(
                "mailbox_command = prog -a \"$EXTENSION\"",
                "mailbox_command_maps = inline:{ann=special}",
                "command_execution_directory = $home");
        assertEquals(
                List.of("2.0.0 delivered to command: prog -a \"$EXTENSION\""), deliver(transport, "joe+e;x@here.test"));
        assertEquals(List.of("2.0.0 delivered to command: special"), deliver(transport, "ann@here.test"));
        assertEquals("e_x", orders.get(0).environment().get("EXTENSION"));
        assertEquals(directory + "/home/joe", orders.get(0).directory());
        assertEquals("joe", orders.get(0).user().name());
    }

    @Test
    void knowsWhatToDoWithUnknownUsers() throws IOException {
        Transport relay = transport("luser_relay = $user-x@far.test");
        assertEquals(List.of("2.0.0 forwarded as NEWID1"), deliver(relay, "who@here.test"));
        assertEquals("s@s.test -> [who-x@far.test/who@here.test/0] by who@here.test", forwards.get(0));
        assertEquals(
                List.of("joe@here.test 2.0.0 delivered to mailbox"),
                deliver(transport("luser_relay = joe"), "who@here.test"));
        assertEquals(List.of("2.0.0 discarded"), deliver(transport(), "postmaster@here.test"));
        assertEquals(List.of("local: warning: required alias not found: postmaster"), log.lines());
    }

    @Test
    void onlySaysWhatItWouldDo() throws IOException {
        forward("ann", "x@far.test");
        Transport transport = transport("alias_maps = inline:{ { a = joe, ann } }");
        assertEquals(List.of("2.0.0 aliased to joe, ann"), deliver(transport, TraceMode.VERIFY, "a@here.test"));
        assertEquals(List.of("2.0.0 delivers to mailbox"), deliver(transport, TraceMode.VERIFY, "joe@here.test"));
        assertEquals(
                List.of("2.0.0 forward via file: %d/home/ann/.forward"),
                deliver(transport, TraceMode.VERIFY, "ann@here.test"));
        assertFalse(Files.exists(directory.resolve("mail/joe")));
    }

    @Test
    void triesAllOfItAgainWhenAPartHasTo() throws IOException {
        Files.createDirectories(directory.resolve("mail/ann.lock"));
        Transport transport =
                transport("alias_maps = inline:{ { a = joe, ann, x@far.test } }", "deliver_lock_attempts = 1");
        deliver(transport, "a@here.test");
        assertEquals(DeliveryOutcome.Kind.DEFERRED, outcome.kind());
        assertEquals(List.of(), forwards);
    }

    @Test
    void tellsWhyMailCannotGoOn() throws IOException {
        Transport transport = transport("alias_maps = inline:{ { a = x@far.test } }");
        refusal = SmtpReply.of(554, "5.4.0 Error: too many hops");
        deliver(transport, "a@here.test");
        assertEquals(DeliveryOutcome.Kind.BOUNCED, outcome.kind());
        refusal = SmtpReply.of(452, "4.3.1 no space");
        assertEquals(List.of("4.3.0 unable to forward message"), deliver(transport, "a@here.test"));
    }

    @Test
    void defersWhatIsForAnAccountThatTheProcessCannotBe() throws IOException {
        Files.writeString(
                directory.resolve("passwd"),
                "eve:x:" + TestIdentity.FORBIDDEN + ":1::" + directory + "/home/eve:/bin/sh\n");
        assertEquals(List.of("4.3.0 cannot act as user eve"), deliver(transport(), "eve@here.test"));
    }

    @Test
    void waitsForAHomeThatMustBeThere() throws IOException {
        Files.delete(directory.resolve("home/bob"));
        assertEquals(
                List.of("4.3.0 cannot access home directory %d/home/bob: No such file or directory"),
                deliver(transport("require_home_directory = yes"), "bob@here.test"));
    }
}
