// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.admin.AdminClient;
import dev.stafette.engine.admin.AdminRequest;
import dev.stafette.engine.cli.Installation.Outcome;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may hand in mail, see the queue, and have it delivered. */
@Timeout(600)
class AuthorizedUsersIT {
    private static final String ME = LocalHost.userName();

    @TempDir
    private Path directory;

    private void writeMainCf(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    /** Root, too, as in Postfix. */
    @Test
    void takesMailFromListedUsersAlone() throws Exception {
        String mainCf = "compatibility_level = 3.9\nmyhostname = host.test\nmail_owner = nobody\nqueue_directory = "
                + directory + "/queue\nauthorized_submit_users = ";
        String refused = " fatal: User " + ME + "(" + LocalHost.userId() + ") is not allowed to submit mail\n";
        Path file = directory.resolve("main.cf");
        Path users = Files.writeString(directory.resolve("users"), "# who\nsomebody\n");
        for (String list : List.of("", "!" + ME + ", static:all", "somebody, other", users.toString())) {
            writeMainCf(file, mainCf + list + "\n");
            assertEquals(new Spoken(75, "", "sendmail:" + refused), submit("sendmail", "a@b.test"), list);
            assertEquals(new Spoken(75, "", "sendmail:" + refused), submit("sendmail", "-bs"), list);
            assertEquals(new Spoken(1, "", "postdrop:" + refused), submit("postdrop", "-r"), list);
        }
        assertTrue(Files.notExists(directory.resolve("queue")));
        writeMainCf(file, mainCf + "fail:x\n");
        assertEquals(75, submit("sendmail", "a@b.test").exitCode());
        Files.writeString(users, "# who\n\nsomebody " + ME + "\n");
        Path table = Files.writeString(directory.resolve("table"), ME + " x\n");
        for (String list : List.of("static:anyone", "!other, " + ME, users.toString(), "texthash:" + table)) {
            writeMainCf(file, mainCf + list + "\n");
            assertEquals(new Spoken(0, "", ""), submit("sendmail", "a@b.test"), list);
        }
    }

    private Spoken submit(String... words) {
        return Spoken.of(Map.of("MAIL_CONFIG", directory.toString()), "hi\n", words);
    }

    @Test
    void answersListedUsersAloneOnTheirSocket() throws Exception {
        Path parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "users");
        try (RunningMta mta = new RunningMta(parent, "relayhost = [127.0.0.1]:1")) {
            String id = mta.send("me@a.test", "Subject: s\n\nbody", "u@far.test");
            mta.await(id + " in the queue", () -> !mta.queueOf(id).isEmpty());
            Path socket = ConfigDirectory.queueDirectory(mta.directory().path()).userSocket();
            assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            assertTrue(
                    assertNotNullLine(socket, new AdminRequest.ListMessages()).contains(id));
            refuses(socket, new AdminRequest.Stop(), "no such command: stop");
            refuses(socket, new AdminRequest.Note("x"), "no such command: change");
            Path mainCf = mta.directory().path().resolve("main.cf");
            String before = Files.readString(mainCf);
            writeMainCf(mainCf, before + "authorized_mailq_users = !" + ME + ", static:all\n");
            refuses(socket, new AdminRequest.ListMessages(), "User " + ME + " is not allowed to view the mail queue");
            refuses(socket, new AdminRequest.Flush(), "");
            writeMainCf(mainCf, before + "authorized_flush_users = fail:x\n");
            refuses(
                    socket,
                    new AdminRequest.Flush(),
                    "authorized_flush_users: table lookup problem: Application error");
            assertTrue(
                    assertNotNullLine(socket, new AdminRequest.ListMessages()).contains(id));
            // The owner of the queue is not asked.
            assertEquals(new Spoken(0, "", ""), mta.run("postqueue", "-f"));
        } finally {
            MtaDirectory.delete(parent);
        }
    }

    private static String assertNotNullLine(Path socket, AdminRequest request) throws IOException {
        try (AdminClient client = AdminClient.connect(socket)) {
            client.send(request);
            String line = client.readLine();
            assertNotNull(line);
            return line;
        }
    }

    private static void refuses(Path socket, AdminRequest request, String failure) throws IOException {
        try (AdminClient client = AdminClient.connect(socket)) {
            client.send(request);
            assertNull(client.readLine());
            assertEquals(failure, client.failure());
        }
    }

    @Test
    void servesAStranger() throws Exception {
        Assumptions.assumeTrue(Installation.isRoot(), "not root");
        Programs.require("setpriv");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        String mainCf = "compatibility_level = 3.9\nmyhostname = host.test\nmail_owner = nobody\nqueue_directory = "
                + directory + "/queue\n";
        Installation root = new Installation(directory, mainCf, List.of());
        String uid = "61234";
        String viewing = "postqueue: fatal: User unknown(" + uid + ") is not allowed to view the mail queue\n";
        String down = "postqueue: fatal: Queue report unavailable - mail system is down\n";
        try {
            assertEquals(0, root.run("postfix", "start").exitCode());
            assertEquals(new Outcome(0, "Mail queue is empty\n", ""), as(uid, "postqueue", "-p"));
            assertEquals(new Outcome(0, "", ""), as(uid, "postqueue", "-f"));
            assertEquals(1, as(uid, "postsuper", "-d", "ALL").exitCode());
            assertEquals(69, as(uid, "qshape").exitCode());
            root.writeMainCf(mainCf + "authorized_mailq_users = root\n");
            assertEquals(new Outcome(69, "", viewing), as(uid, "postqueue", "-j"));
            assertEquals(new Outcome(0, "Mail queue is empty\n", ""), root.run("postqueue", "-p"));
            root.writeMainCf(mainCf);
            assertEquals(0, root.run("postfix", "stop").exitCode());
        } finally {
            root.run("postfix", "abort");
        }
        assertEquals(new Outcome(69, "", down), as(uid, "postqueue", "-p"));
        assertEquals(0, root.run("postqueue", "-p").exitCode());
    }

    private Outcome as(String uid, String command, String... words) throws Exception {
        List<String> line =
                new java.util.ArrayList<>(List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups"));
        line.add(Installation.script().resolveSibling(command).toString());
        line.addAll(List.of("-c", directory.toString()));
        line.addAll(List.of(words));
        return Installation.execute(line, Files.createTempDirectory(directory, "run"));
    }
}
