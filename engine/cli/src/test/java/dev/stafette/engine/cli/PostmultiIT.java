// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.Mta;
import dev.stafette.engine.admin.QueueDirectory;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.demo.HeldPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A primary configuration and two more; what Postfix's postmulti says of such was looked at once. */
class PostmultiIT {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void writeInstances() throws IOException {
        write(
                "a",
                "multi_instance_directories = " + directory + "/b, " + directory + "/c\nmulti_instance_enable = yes\n");
        write("b", "multi_instance_name = postfix-b\nmulti_instance_group = mta\nmulti_instance_enable = yes\n");
        write("c", "multi_instance_name = postfix-c\n");
        write("d", "");
    }

    private void write(String name, String mainCf) throws IOException {
        Files.createDirectory(directory.resolve(name));
        Files.writeString(directory.resolve(name).resolve("main.cf"), mainCf);
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        return Main.run(words, new Terminal(printed, errors, Map.of("MAIL_CONFIG", directory + "/a")));
    }

    private String listed(String flags) {
        assertEquals(0, run(("postmulti -l " + flags).strip().split(" ")), err.toString(StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8).replace(directory.toString(), "DIR");
    }

    private static final String A = "-               -               y         DIR/a\n";
    private static final String B = "postfix-b       mta             y         DIR/b\n";
    private static final String C = "postfix-c       -               n         DIR/c\n";

    @Test
    void listsInstances() {
        assertEquals(A + B + C, listed(""));
        assertEquals(A + B + C, listed("-a"));
        assertEquals(C + B + A, listed("-R"));
        assertEquals(A, listed("-i -"));
        assertEquals(B, listed("-i postfix-b"));
        assertEquals(B, listed("-i b"));
        assertEquals(B, listed("-g mta"));
        assertEquals("", listed("-i nosuch"));
    }

    @Test
    void changesWhichThereAreAndWhatTheyAreCalled() {
        assertEquals(0, run("postmulti", "-e", "enable", "-i", "c"));
        assertEquals(C.replace("n  ", "y  "), listed("-i c"));
        assertEquals(0, run("postmulti", "-e", "assign", "-I", "postfix-x", "-G", "out", "-i", "c"));
        assertEquals("postfix-x       out             y         DIR/c\n", listed("-i x"));
        assertEquals(0, run("postmulti", "-e", "disable", "-i", "x"));
        assertEquals(0, run("postmulti", "-e", "deport", "-i", "x"));
        assertEquals(A + B, listed(""));
        assertEquals(0, run("postmulti", "-e", "import", "-I", "postfix-d", "config_directory=" + directory + "/d"));
        assertEquals(A + B + "postfix-d       -               n         DIR/d\n", listed(""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        -e enable | Select an instance via '-i name'
        -e deport -i b | Cannot remove enabled instances
        -e enable -i nosuch | No instance named nosuch
        -e assign -I d -i c | New instance name must start with 'postfix-'
        -e assign -i c | Specify new instance name or group with '-e assign'
        -e create -I n | New instance name must start with 'postfix-'
        -e create -I postfix-n smtp=x | Parameter 'smtp' not valid with action create
        -e create -I postfix-n queue_directory=x | Parameter setting 'queue_directory' is not an absolute path
        -e destroy -i - | Cannot remove the primary instance
        -l -I x | Cannot assign instance name or group without '-e assign'
        -l -p | Specify exactly one of '-e', '-l', '-p', '-x'
        -p | Command required with '-p' or '-x' option
        -l x | Command not allowed with '-l'
        -e foo | Invalid '-e' edit action 'foo'. Specify 'create', 'destroy', 'import', 'deport', 'enable', 'disable', 'assign' or 'init'
        """)
    void saysWhatIsWrong(String flags, String message) {
        assertEquals(0, run("postmulti", "-e", "init"));
        assertEquals(1, run(("postmulti " + flags).split(" ")));
        assertEquals("postmulti: fatal: " + message + "\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void createsAndDestroys() throws IOException {
        Files.writeString(directory.resolve("a/master.cf"), "smtp inet n - n - - smtpd\n");
        Files.writeString(
                directory.resolve("a/main.cf"),
                Files.readString(directory.resolve("a/main.cf")) + "queue_directory = " + directory
                        + "/q/a\nmyhostname = mx.test\n");
        assertEquals(1, run("postmulti", "-e", "create", "-I", "postfix-n"));
        assertEquals(
                "postmulti: fatal: multi_instance_wrapper is empty, run 'postmulti -e init' first.\n",
                err.toString(StandardCharsets.UTF_8));
        assertEquals(0, run("postmulti", "-e", "init"));
        String[] create = {
            "postmulti", "-e", "create", "-I", "postfix-n", "-G", "out", "data_directory=" + directory + "/d/n"
        };
        assertEquals(0, run(create), err.toString(StandardCharsets.UTF_8));
        assertEquals(A + B + C + "postfix-n       out             n         DIR/postfix-n\n", listed(""));
        Path made = directory.resolve("postfix-n");
        assertEquals(
                "queue_directory = DIR/q/postfix-n\nmyhostname = mx.test\ndata_directory = DIR/d/n\n"
                        + "authorized_submit_users = \nmaster_service_disable = inet\nmulti_instance_name = postfix-n\nmulti_instance_group = out\n",
                named(Files.readString(made.resolve("main.cf"))));
        assertEquals("smtp inet n - n - - smtpd\n", Files.readString(made.resolve("master.cf")));
        assertEquals(1, run(create));
        assertEquals(0, run("postmulti", "-e", "enable", "-i", "n"));
        assertEquals(1, run("postmulti", "-e", "destroy", "-i", "n"));
        assertEquals(0, run("postmulti", "-e", "disable", "-i", "n"));
        assertEquals(0, run("postmulti", "-e", "destroy", "-i", "n"), err.toString(StandardCharsets.UTF_8));
        assertEquals("", err.toString(StandardCharsets.UTF_8));
        assertEquals(A + B + C, listed(""));
        assertTrue(Files.notExists(made));
    }

    /** As the file has it, with the directory under another name. */
    private String named(String mainCf) {
        return mainCf.replace(directory.toString(), "DIR");
    }

    @Test
    void runsTwoThatItHasMade() throws Exception {
        Files.writeString(directory.resolve("a/master.cf"), "smtp inet n - n - - smtpd\n");
        Files.writeString(
                directory.resolve("a/main.cf"),
                "myhostname = mx.test\nqueue_directory = " + directory + "/q/a\nmaillog_file = " + directory
                        + "/log\n");
        assertEquals(0, run("postmulti", "-e", "init"));
        Deque<AutoCloseable> running = new ArrayDeque<>();
        try {
            for (String name : List.of("postfix-x", "postfix-y")) {
                assertEquals(0, run("postmulti", "-e", "create", "-I", name), err.toString(StandardCharsets.UTF_8));
                Path made = directory.resolve(name);
                assertEquals(
                        List.of(), Configuration.read(made, new LocalHost()).services());
                Files.writeString(
                        made.resolve("master.cf"), "127.0.0.1:" + HeldPort.next() + " inet n - n - - smtpd\n");
                assertEquals(
                        0,
                        run("postconf", "-c", made.toString(), "master_service_disable=", "compatibility_level=3.6"));
                Configuration configuration = Configuration.read(made, new LocalHost());
                QueueDirectory queue = ConfigDirectory.queueDirectory(configuration);
                queue.create();
                running.push(Mta.start(configuration, queue));
            }
            assertEquals(
                    0, run("postqueue", "-c", directory + "/postfix-x", "-p"), err.toString(StandardCharsets.UTF_8));
            assertEquals(1, run("postmulti", "-e", "destroy", "-i", "x"));
            assertEquals(
                    "postmulti: fatal: Instance '" + directory + "/postfix-x' is not stopped\n",
                    err.toString(StandardCharsets.UTF_8));
        } finally {
            for (AutoCloseable mta : running) {
                mta.close();
            }
        }
        assertEquals(0, run("postmulti", "-e", "destroy", "-i", "x"));
        assertEquals(
                "postmulti: warning: " + directory + "/q/postfix-x: please verify contents and remove by hand\n",
                err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void runsACommandForEach() throws IOException {
        String script = "echo $MAIL_CONFIG $multi_instance_name $multi_instance_enable >>" + directory + "/said";
        assertEquals(0, run("postmulti", "-x", "sh", "-c", script));
        assertEquals(
                directory + "/a yes\n" + directory + "/b postfix-b yes\n" + directory + "/c postfix-c no\n",
                Files.readString(directory.resolve("said")));
        assertEquals(1, run("postmulti", "-x", "-i", "b", "false"));
        assertTrue(err.size() == 0);
    }
}
