// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stafette.engine.config.syntax.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an edit leaves of the file, of what is beside it, and of its owner. */
class EditIT {
    @TempDir
    Path directory;

    private Path main = Path.of("");
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void writeMainCf() throws IOException {
        main = directory.resolve("main.cf");
        Files.writeString(main, "# first\nmyhostname = a.b\n   # within\n\n   c\nmydomain = b\n");
    }

    private void edit(EditKind kind, String... words) {
        new MainEdit(kind, warnings::add).run(directory.toString(), List.of(words));
    }

    @Test
    void keepsTheModeAndTheLink() throws IOException {
        Path target = Files.createDirectory(directory.resolve("real")).resolve("main.cf");
        Files.move(main, target);
        Files.createSymbolicLink(main, target);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r-----"));
        edit(EditKind.SET, "mydomain = new");
        assertTrue(Files.isSymbolicLink(main));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
        assertTrue(Files.readString(target).endsWith("mydomain = new\n"));
        assertFalse(Files.exists(target.resolveSibling("main.cf.tmp")));
    }

    @Test
    void keepsTheOwner() throws IOException {
        assumeTrue(Files.getAttribute(main, "unix:uid").equals(0), "needs root, to give a file away");
        Files.setAttribute(main, "unix:uid", 65534);
        Files.setAttribute(main, "unix:gid", 65534);
        edit(EditKind.REMOVE, "mydomain");
        assertEquals(65534, Files.getAttribute(main, "unix:uid"));
        assertEquals(65534, Files.getAttribute(main, "unix:gid"));
    }

    @Test
    void keepsWhatIsNotItsBusinessToTheByte() throws IOException {
        byte[] latin1 = "# gr\u00fc\u00dfe\r\nmyhostname = a.b\n\t# \u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(main, latin1);
        edit(EditKind.SET, "myhostname = a.b");
        assertArrayEquals(latin1, Files.readAllBytes(main));
    }

    @Test
    void endsTheLastLineBeforeItAddsAnother() throws IOException {
        Files.writeString(main, "# no end of line");
        edit(EditKind.SET, "a=1", "b = 2");
        assertEquals("# no end of line\na = 1\nb = 2\n", Files.readString(main));
    }

    @Test
    void changesNothingWhenOneRequestIsWrong() throws IOException {
        String before = Files.readString(main);
        assertThrows(ConfigException.class, () -> edit(EditKind.SET, "mydomain = new", "wrong"));
        assertEquals(before, Files.readString(main));
        assertEquals(1, Files.list(directory).count());
    }

    @Test
    void replacesWhatAKilledEditHasLeft() throws IOException {
        Files.writeString(directory.resolve("main.cf.tmp"), "half of a fi");
        edit(EditKind.COMMENT_OUT, "myhostname");
        assertEquals("# first\n#myhostname = a.b\n   # within\n\n#   c\nmydomain = b\n", Files.readString(main));
        assertFalse(Files.exists(directory.resolve("main.cf.tmp")));
    }

    @Test
    void refusesAMasterCfThatItCannotRead() throws IOException {
        Path master = directory.resolve("master.cf");
        Files.writeString(master, "smtp inet n - n - - smtpd\nhalf a row\n");
        MasterEdit edit = new MasterEdit('F', EditKind.SET, warnings::add);
        ConfigException refusal = assertThrows(
                ConfigException.class, () -> edit.run(directory.toString(), List.of("smtp/inet/chroot=y")));
        assertTrue(String.valueOf(refusal.getMessage()).contains("bad field count"), refusal.getMessage());
        assertEquals("smtp inet n - n - - smtpd\nhalf a row\n", Files.readString(master));
    }

    @Test
    void keepsTheBracesOfAnArgument() throws IOException {
        Path master = directory.resolve("master.cf");
        Files.writeString(master, "# one\nx unix - n n - - pipe\n  argv=/x { a  b } {}\n# two\n");
        new MasterEdit('P', EditKind.SET, warnings::add).run(directory.toString(), List.of("x/unix/a=b"));
        assertEquals(
                "# one\nx          unix  -       n       n       -       -       pipe\n    -o a=b\n"
                        + "    argv=/x {a  b} {}\n# two\n",
                Files.readString(master));
    }

    /** A lock on a file keeps processes apart, not threads, so these are processes. */
    @Test
    void losesNoEditOfTwoAtOnce() throws Exception {
        int count = 6;
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Callable<Integer>> edits = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String assignment = "own_" + i + " = 1";
                edits.add(() -> new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.stafette.engine.cli.Main",
                                "postconf",
                                "-c",
                                directory.toString(),
                                "-e",
                                assignment)
                        .inheritIO()
                        .start()
                        .waitFor());
            }
            for (Future<Integer> edit : threads.invokeAll(edits)) {
                assertEquals(0, edit.get());
            }
        } finally {
            threads.shutdownNow();
        }
        for (int i = 0; i < count; i++) {
            assertTrue(Files.readString(main).contains("own_" + i + " = 1\n"), Files.readString(main));
        }
    }
}
