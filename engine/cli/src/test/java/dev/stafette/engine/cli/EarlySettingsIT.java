// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.engine.cli.Installation.Outcome;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.LocalHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher reads three parameters before there is a JVM: it must read what the JVM then reads. */
class EarlySettingsIT {
    private static final Path SCRIPT = Path.of("src", "main", "sh", "stafette").toAbsolutePath();

    @TempDir
    private Path directory;

    private Outcome early() throws Exception {
        String extract = "eval \"$(sed -n '/^early_settings()/,/^}/p' \"$1\")\"; early_settings \"$2\""
                + " mail_owner queue_directory maillog_file";
        return Installation.execute(
                List.of(
                        "sh",
                        "-c",
                        extract,
                        "-",
                        SCRIPT.toString(),
                        directory.resolve("main.cf").toString()),
                directory);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mail_owner=a\nqueue_directory=/q\nmaillog_file=/l",
                "mail_owner = a\nmail_owner = b",
                "# c\n\nqueue_directory =   /var/spool/\n# comment inside\n   \n\tx  y  \nmail_owner = z # not a comment\n",
                "base = /srv\nqueue_directory = ${base}/spool\nmaillog_file = $(base)/log/$mail_owner.log\n",
                "a = $b\nb = /c\nqueue_directory = $a$b/d\r\nmail_owner = o\r\n",
                "queue_directory = $config_directory/spool",
                "maillog_file =\nqueue_directory = /x=y",
                "   \n  #\n\t# x\nmail_owner\t=\tq\t\n",
                "mail_owner = a\n  b\n\n  c"
            })
    void readsWhatTheJvmReads(String mainCf) throws Exception {
        Files.writeString(directory.resolve("main.cf"), mainCf);
        Settings settings = Configuration.readMainCf(directory, new LocalHost()).settings();
        String expected = settings.text("mail_owner") + "\n" + settings.text("queue_directory") + "\n"
                + settings.text("maillog_file") + "\n";
        assertEquals(new Outcome(0, expected, ""), early());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mail_owner = ${x?{a}:{b}}",
                "queue_directory = $$x",
                "queue_directory = $",
                "maillog_file = $nosuch/x",
                "queue_directory = $queue_directory",
                "mail_owner = ${mail_owner"
            })
    void admitsWhatItCannotRead(String mainCf) throws Exception {
        Files.writeString(directory.resolve("main.cf"), mainCf);
        assertEquals(3, early().exitCode());
    }
}
