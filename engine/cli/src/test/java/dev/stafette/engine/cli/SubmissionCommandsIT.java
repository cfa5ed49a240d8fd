// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the commands around local submission do without a mail system. */
@Timeout(300)
class SubmissionCommandsIT {
    @TempDir
    private Path directory;

    @BeforeEach
    void configure() throws IOException {
        writeMainCf("");
        Files.writeString(directory.resolve("master.cf"), "");
    }

    private void writeMainCf(String more) throws IOException {
        Files.writeString(
                directory.resolve("main.cf"),
                "compatibility_level = 3.9\nmyhostname = host.example\nmail_owner = nobody\nqueue_directory = "
                        + directory.resolve("queue") + "\n" + more);
    }

    private Spoken run(String input, String command, String... words) {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of(words));
        return Spoken.of(Map.of("MAIL_CONFIG", directory.toString()), input, line.toArray(new String[0]));
    }

    private List<Path> waiting() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("queue/maildrop"))) {
            return files.toList();
        }
    }

    @Test
    void asksForRequireTls() throws IOException {
        for (String option : List.of("requiretls=yes", "requiretls=no", "x=y")) {
            assertEquals(
                    0,
                    run("Subject: x\n\nhi\n", "sendmail", "-O", option, "u@b.test")
                            .exitCode());
            Path file = waiting().get(0);
            assertEquals(
                    option.endsWith("yes"),
                    Files.readString(file, StandardCharsets.ISO_8859_1).contains("A\u000erequiretls=yes"),
                    option);
            Files.delete(file);
        }
    }

    @Test
    void speaksSmtpOnItsInput() throws IOException {
        String commands = "EHLO me\r\n"
                + "MAIL FROM:<a@b> BODY=8BITMIME RET=HDRS ENVID=x\r\n"
                + "MAIL FROM:<x>\r\n"
                + "RCPT TO:<\"c d\"@e> NOTIFY=NEVER ORCPT=rfc822;f@g\r\n"
                + "RCPT TO:<@>\r\n"
                + "DATA\r\n"
                + "Subject: s\r\n\r\n"
                + "..x\r\n"
                + ".\r\n"
                + "RCPT TO:<a@b>\r\n"
                + "DATA\r\n"
                + "NOPE\r\n"
                + "QUIT\r\n"
                + "NOOP\r\n";
        Spoken outcome = run(commands, "sendmail", "-bs");
        assertEquals(0, outcome.exitCode());
        assertEquals("", outcome.err());
        assertEquals(1, waiting().size());
        String id = waiting().get(0).getFileName().toString();
        assertEquals(
                "220 host.example ESMTP Stafette\r\n"
                        + "250-host.example\r\n"
                        + "250-PIPELINING\r\n"
                        + "250-SIZE 10240000\r\n"
                        + "250-VRFY\r\n"
                        + "250-ETRN\r\n"
                        + "250-ENHANCEDSTATUSCODES\r\n"
                        + "250-8BITMIME\r\n"
                        + "250-DSN\r\n"
                        + "250-SMTPUTF8\r\n"
                        + "250 CHUNKING\r\n"
                        + "250 2.1.0 Ok\r\n"
                        + "503 5.5.1 Error: nested MAIL command\r\n"
                        + "250 2.1.5 Ok\r\n"
                        + "501 5.1.3 Bad recipient address syntax\r\n"
                        + "354 End data with <CR><LF>.<CR><LF>\r\n"
                        + "250 2.0.0"
                        + " Ok: queued"
                        + " as " + id + "\r\n503 5.5.1 Error: need MAIL command\r\n"
                        + "503 5.5.1 Error: need RCPT command\r\n500 5.5.2 Error: command not recognized\r\n"
                        + "221 2.0.0 Bye\r\n",
                outcome.out());
        String records = Files.readString(waiting().get(0), StandardCharsets.ISO_8859_1);
        assertTrue(
                records.endsWith("A\rencoding=8bitA\u0018dsn_orig_rcpt=rfc822;f@gA\u000enotify_flags=1R\u0005c d@e"
                        + "M\0N\nSubject: sN\0N\u0002.xX\0E\0"),
                records);
    }

    /** Replies are those of Debian's Postfix. */
    @Test
    void takesChunksOnItsInput() throws IOException {
        String commands = "BDAT 3\r\n"
                + "abcMAIL FROM:<a@b>\r\n"
                + "BDAT 2\r\n"
                + "abRCPT TO:<c@d>\r\n"
                + "RSET\r\n"
                + "MAIL FROM:<a@b>\r\n"
                + "RCPT TO:<c@d>\r\n"
                + "BDAT 0\r\n"
                + "RSET\r\n"
                + "MAIL FROM:<a@b>\r\n"
                + "RCPT TO:<c@d>\r\n"
                + "BDAT 10\r\n"
                + "Subject: xMAIL FROM:<a@b>\r\n"
                + "RCPT TO:<c@d>\r\n"
                + "DATA\r\n"
                + "BDAT 2\r\n\r\n"
                + "BDAT 6 LAST\r\n\r\n"
                + ".\r\n"
                + "xMAIL FROM:<a@b>\r\n"
                + "RCPT TO:<c@d>\r\n"
                + "BDAT 10240001 LAST\r\n";
        Spoken outcome = run(commands + "x".repeat(10_240_001) + "BDAT x\r\nNOOP\r\n", "sendmail", "-bs");
        assertEquals(1, waiting().size());
        assertEquals(
                List.of(
                        "503 5.5.1 Error: need RCPT command",
                        "503 5.5.1 Error: MAIL after BDAT",
                        "551 5.0.0 Discarded 2 bytes after earlier error",
                        "503 5.5.1 Error: need MAIL command",
                        "250 2.0.0 Ok",
                        "250 2.1.0 Ok",
                        "250 2.1.5 Ok",
                        "551 5.7.1 Null BDAT request",
                        "250 2.0.0 Ok",
                        "250 2.1.0 Ok",
                        "250 2.1.5 Ok",
                        "250 2.0.0 Ok: 10 bytes",
                        "503 5.5.1 Error: nested MAIL command",
                        "503 5.5.1 Error: RCPT after BDAT",
                        "503 5.5.1 Error: DATA after BDAT",
                        "250 2.0.0 Ok: 2 bytes",
                        "250 2.0.0 Ok: 20 bytes queued as " + waiting().get(0).getFileName(),
                        "250 2.1.0 Ok",
                        "250 2.1.5 Ok",
                        "552 5.3.4 Chunk exceeds message size limit",
                        "521 5.5.4 Syntax: BDAT count [LAST]"),
                outcome.out().lines().skip(1).toList());
        String records = Files.readString(waiting().get(0), StandardCharsets.ISO_8859_1);
        assertTrue(records.endsWith("N\nSubject: xN\0N\u0001.N\u0001xX\0E\0"), records);
        run("MAIL FROM:<a@b>\nRCPT TO:<c@d>\nBDAT 5\nA: b\nBDAT 9 LAST\nx", "sendmail", "-bs");
        assertEquals(1, waiting().size());
    }

    @Test
    void leavesNothingOfAnSmtpMessageWithoutItsEnd() throws IOException {
        run("HELO me\nMAIL FROM:<a@b>\nRCPT TO:<c@d>\nDATA\nSubject: s\n", "sendmail", "-bs");
        assertEquals(List.of(), waiting());
    }

    @Test
    void takesVerpOnItsInputFromWhoMayHaveIt() throws Exception {
        String commands = "EHLO me\nMAIL FROM:<a@b> XVERP=xx\nMAIL FROM:<> XVERP\nMAIL FROM:<a@b> XVERP=-=\n"
                + "RCPT TO:<c@d>\nDATA\nSubject: s\n.\nETRN\nETRN d.test\nQUIT\n";
        assertTrue(run(commands, "sendmail", "-bs").out().contains("\r\n555 5.5.4 Unsupported option: XVERP=-=\r\n"));
        writeMainCf("authorized_verp_clients = localhost\nsmtpd_discard_ehlo_keywords = dsn, vrfy\n"
                + "smtputf8_enable = no\n");
        Spoken outcome = run(commands, "sendmail", "-bs");
        assertEquals(1, waiting().size());
        assertEquals(
                "250-host.example\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-ETRN\r\n250-XVERP\r\n"
                        + "250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250 CHUNKING\r\n"
                        + "501 5.5.4 Error: XVERP needs two characters from -=+\r\n"
                        + "503 5.5.4 Error: XVERP requires non-null sender\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n"
                        + "354 End data with <CR><LF>.<CR><LF>\r\n250 2.0.0 Ok: queued as "
                        + waiting().get(0).getFileName() + "\r\n500 Syntax: ETRN domain\r\n"
                        + "458 Unable to queue messages\r\n221 2.0.0 Bye\r\n",
                outcome.out().substring(outcome.out().indexOf("\r\n") + 2));
        String records = Files.readString(waiting().get(0), StandardCharsets.ISO_8859_1);
        assertTrue(records.contains("S\u0003a@bV\u0002-="), records);
    }

    @Test
    void saysThatTheMailSystemIsDown() {
        String down = " fatal: Cannot flush mail queue - mail system is down\n";
        assertEquals(new Spoken(69, "", "postqueue:" + down), run("", "sendmail", "-q"));
        assertEquals(new Spoken(69, "", "postqueue:" + down), run("", "sendmail", "-qIabc"));
        assertEquals(
                new Spoken(
                        1,
                        "",
                        "postkick: warning: unable to look up public/pickup: No such file or directory\n"
                                + "postkick: warning: Cannot contact class public service pickup - perhaps the mail"
                                + " system is down\n"),
                run("", "postkick", "public", "pickup", "W"));
        assertEquals(1, run("", "postkick", "public", "qmgr", "D").exitCode());
        assertEquals(1, run("", "postkick", "private", "x", "D").exitCode());
    }

    @Test
    void refusesWrongWordsAsPostfixDoes() {
        assertEquals(
                new Spoken(1, "", "postkick: fatal: usage: postkick [-c config_dir] [-v] class service request\n"),
                run("", "postkick", "public"));
        assertEquals(
                new Spoken(
                        1,
                        "",
                        "postdrop: invalid option -- 'x'\npostdrop: fatal: usage: postdrop [-c config_dir] [-v]\n"),
                run("", "postdrop", "-x"));
        assertEquals(
                new Spoken(
                        75,
                        "",
                        "postlock: fatal: usage: postlock [-c config_dir] [-l lock_style] [-v] folder command...\n"),
                run("", "postlock", "x"));
        assertEquals(
                new Spoken(1, "", "postfix/postlog: fatal: bad severity: \"bad\"\n"),
                run("", "postlog", "-p", "bad", "x"));
        assertEquals(
                new Spoken(75, "", "postlock: fatal: unknown mailbox_delivery_lock value \"foo\" in \"fcntl,foo\"\n"),
                run("", "postlock", "-l", "fcntl,foo", directory.resolve("x").toString(), "true"));
    }

    @Test
    void dropsRecordsThatAreWhole() throws IOException {
        Spoken outcome = run("S\u0003a@bR\u0003c@dM\0N\u0002hiX\0E\0", "postdrop", "-r");
        assertEquals(0, outcome.exitCode());
        String id = waiting().get(0).getFileName().toString();
        assertEquals(
                "protocol\0postdrop_protocol\0queue_id\0" + id + "\0\0status\0" + "0\0reason\0\0\0", outcome.out());
        assertEquals(
                75, run("S\u0003a@bR\u0003c@dM\0N\u0002h", "postdrop", "-r").exitCode());
        // Cancelled between two records, as Postfix's sendmail does with what it cannot go on with.
        assertEquals(0, run("", "postdrop", "-r").exitCode());
        assertEquals(0, run("S\u0003a@bR\u0003c@d", "postdrop", "-r").exitCode());
        assertEquals(1, waiting().size());
    }

    @Test
    void logsToTheFileOrToStandardError() throws IOException {
        assertEquals(
                new Spoken(0, "", "postfix/postlog: warning: hi there\n"),
                run("", "postlog", "-p", "warn", "hi", "there"));
        Path log = directory.resolve("mail.log");
        writeMainCf("maillog_file = " + log + "\n");
        assertEquals(new Spoken(0, "", ""), run("one\nt\u0007wo\n", "postlog", "-i", "-t", "tag"));
        List<String> lines = Files.readAllLines(log);
        assertEquals(2, lines.size());
        String pid = "[" + ProcessHandle.current().pid() + "]";
        assertTrue(lines.get(0).matches("[A-Z][a-z]{2} [ 1-3][0-9] [0-9:]{8} .*"), lines.get(0));
        assertEquals("host tag" + pid + ": one", lines.get(0).substring(16));
        assertEquals("host tag" + pid + ": t?wo", lines.get(1).substring(16));
    }

    @Test
    void locksAMailboxWhileACommandRuns() throws Exception {
        Path mailbox = directory.resolve("mbox");
        Path lock = directory.resolve("mbox.lock");
        Spoken outcome = run("", "postlock", mailbox.toString(), "sh", "-c", "test -e " + lock + " && exit 7");
        assertEquals(new Spoken(7, "", ""), outcome);
        assertFalse(Files.exists(lock));
        assertEquals(
                new Spoken(1, "", "postlock: fatal: execvp no-such-command: No such file or directory\n"),
                run("", "postlock", mailbox.toString(), "no-such-command"));
    }

    @Test
    void waitsForALockInVain() throws Exception {
        writeMainCf("deliver_lock_attempts = 1\nstale_lock_time = 1h\n");
        Path mailbox = directory.resolve("mbox");
        Path lock = Files.createFile(directory.resolve("mbox.lock"));
        String failed = "postlock: fatal: open file " + mailbox + ": unable to ";
        assertEquals(
                new Spoken(75, "", failed + "create lock file " + lock + ": File exists\n"),
                run("", "postlock", mailbox.toString(), "true"));
        // One attempt removes what somebody has left behind, the next has the lock.
        writeMainCf("deliver_lock_attempts = 9\ndeliver_lock_delay = 1s\nstale_lock_time = 1s\n");
        assertEquals(0, run("", "postlock", mailbox.toString(), "true").exitCode());
    }

    @Test
    void locksByFlockToo() throws Exception {
        Programs.require("flock");
        writeMainCf("deliver_lock_attempts = 1\n");
        Path mailbox = Files.createFile(directory.resolve("mbox"));
        String nested = "flock -n -E 9 " + mailbox + " true";
        assertEquals(
                9,
                run("", "postlock", "-l", "flock", mailbox.toString(), "sh", "-c", nested)
                        .exitCode());
        Process holder = new ProcessBuilder("flock", mailbox.toString(), "sh", "-c", "echo; exec cat").start();
        assertEquals('\n', holder.getInputStream().read());
        assertEquals(
                new Spoken(
                        75,
                        "",
                        "postlock: fatal: open file " + mailbox
                                + ": unable to lock for exclusive access: Resource temporarily unavailable\n"),
                run("", "postlock", "-l", "flock", mailbox.toString(), "true"));
        holder.destroy();
    }

    @Test
    void letsUsersNameThoseSendersThatATableHas() throws IOException {
        String user = System.getProperty("user.name");
        writeMainCf("recipient_delimiter = +\nlocal_login_sender_maps = inline:{ { " + user
                + " = \"a b\"@x.test, me@x.test @dom.test none } }\n"
                + "empty_address_local_login_sender_maps_lookup_key = none\n");
        for (String sender :
                List.of("me@x.test", "me+more@x.test", "ME@X.test", "any@DOM.test", "\"a b\"@x.test", "<>")) {
            Spoken taken = run("Subject: s\n\nx\n", "sendmail", "-f", sender, "u@b.test");
            assertEquals(0, taken.exitCode(), sender + taken.err());
        }
        assertEquals(6, waiting().size());
        Spoken refused = run("Subject: s\n\nx\n", "sendmail", "-f", "other@x.test", "u@b.test");
        assertEquals(75, refused.exitCode());
        assertTrue(
                refused.err()
                        .matches("(?s).*fatal: other@x\\.test\\(\\d+\\): not authorized to use"
                                + " sender='other@x\\.test'\n"),
                refused.err());
        Spoken smtp = run("MAIL FROM:<other@x.test>\r\nRCPT TO:<a@b>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n", "sendmail", "-bs");
        assertTrue(smtp.out().contains("\r\n550 5.7.1 Error: service denied\r\n221"), smtp.out());
        // A time, the sender, a recipient, the start of the content, its end, and the end.
        Spoken dropped = run("S\014other@x.testR\010u@b.testM\0N\001xX\0E\0", "postdrop", "-r");
        assertTrue(
                dropped.out().contains("status\000512\0reason\0not authorized to use sender='other@x.test'\0\0"),
                dropped.out());
        assertEquals(6, waiting().size());
        writeMainCf("local_login_sender_maps = fail:x\n");
        Spoken unknown = run("Subject: s\n\nx\n", "sendmail", "-f", "me@x.test", "u@b.test");
        assertEquals(75, unknown.exitCode());
        assertTrue(unknown.err().contains("local_login_sender_maps table lookup error for 'fail:x'"), unknown.err());
    }
}
