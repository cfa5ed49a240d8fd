// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.cli.Installation;
import dev.stafette.engine.cli.terminal.Flags;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our table against that of Postfix's script, which reads queue files made for it. */
class ShapeTableIT {
    private static final Path QSHAPE = Path.of("/usr/sbin/qshape");

    private static final List<String> DOMAINS = List.of(
            "a.example",
            "bb.example",
            "x.sub.example.org",
            "y.sub.example.org",
            "z1.deep.sub.example.org",
            "a-very-long-name-that-does-not-fit-into-the-table.of-a-narrow-terminal.example.net",
            "b.long-parent-name-of-several-others-which-is-cut.example.com",
            "cc.long-parent-name-of-several-others-which-is-cut.example.com");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-l", "-b 4", "-b 1", "-t 2", "-l -t 7.5 -b 6", "-p", "-p -m 1", "-p -m 1 -w 100", "-w 40"})
    void printsWhatQshapePrints(String flags) throws Exception {
        Programs.require(QSHAPE);
        List<String> words = flags.isEmpty() ? List.of() : List.of(flags.split(" "));
        ShapeTable.Layout layout = layout(words);
        long nowSeconds = System.currentTimeMillis() / 1000;
        TreeMap<String, long[]> counts = new TreeMap<>();
        Random random = new Random(7);
        int weight = 1;
        for (String domain : DOMAINS) {
            // Different totals: rows that are alike have no order.
            weight = weight * 2 + 1;
            for (int i = 0; i < weight; i++) {
                // Away from the limits between ages.
                long minutes = random.nextInt(2000);
                long ageSeconds = minutes * 60 + 30;
                write(domain + i, nowSeconds - ageSeconds, domain);
                long[] row = counts.computeIfAbsent(
                        domain, name -> new long[layout.limitsSeconds().size() + 1]);
                row[bucket(layout.limitsSeconds(), ageSeconds)]++;
            }
        }
        ShapeTable table = new ShapeTable(layout);
        counts.forEach(
                (domain, row) -> table.add(domain, Arrays.stream(row).boxed().toList()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.print(new PrintStream(out, true, StandardCharsets.UTF_8));
        assertEquals(qshape(words, nowSeconds), out.toString(StandardCharsets.UTF_8));
    }

    private static int bucket(List<Long> limits, long ageSeconds) {
        int bucket = 0;
        while (bucket < limits.size() && ageSeconds >= limits.get(bucket)) {
            bucket++;
        }
        return bucket;
    }

    private static ShapeTable.Layout layout(List<String> words) {
        ShapeTable.Layout layout = new ShapeTable.Layout();
        for (Flags.Flag flag :
                Flags.parse("lpb:t:m:w:", words.toArray(new String[0]), 0).all()) {
            layout.set(flag.letter(), flag.argument());
        }
        layout.limitRows(false);
        return layout;
    }

    /** For the script it is that time, however long ago that was. */
    private String qshape(List<String> words, long nowSeconds) throws IOException, InterruptedException {
        Files.writeString(
                directory.resolve("FixedTime.pm"),
                "package FixedTime; sub import { my $now = $_[1]; *CORE::GLOBAL::time = sub () { $now } } 1;\n");
        List<String> line = new ArrayList<>(List.of(
                Programs.require("perl").toString(), "-I" + directory, "-MFixedTime=" + nowSeconds, QSHAPE.toString()));
        line.addAll(words);
        line.add(directory.resolve("queue").toString());
        return Installation.execute(line, Files.createTempDirectory(directory, "run"))
                .out();
    }

    private void write(String name, long arrivalSeconds, String domain) throws IOException {
        Path queue = Files.createDirectories(directory.resolve("queue"));
        Path file = queue.resolve(name.replaceAll("[^a-zA-Z0-9]", "x") + "zzzzzz");
        Files.writeString(
                file,
                record('C', "             18             150               1               0              18")
                        + record('T', arrivalSeconds + " 0")
                        + record('S', "me@from.test")
                        + record('R', "user@" + domain)
                        + record('M', "")
                        + record('N', "Subject: abcde")
                        + record('N', "")
                        + record('X', "")
                        + record('E', ""),
                StandardCharsets.US_ASCII);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** The content's length is 18: two records with two bytes each in front. */
    private static String record(char type, String text) {
        int length = text.length();
        return type
                + (length < 128 ? "" + (char) length : "" + (char) (length & 127 | 128) + (char) (length >> 7))
                + text;
    }

    @Test
    void showsAPersonTheLargestAlone() {
        ShapeTable.Layout layout = new ShapeTable.Layout();
        layout.limitRows(true);
        ShapeTable table = new ShapeTable(layout);
        for (long i = 1; i <= 50; i++) {
            table.add("d" + i + ".example", List.of(i));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        table.print(new PrintStream(out, true, StandardCharsets.UTF_8));
        String[] lines = out.toString(StandardCharsets.UTF_8).split("\n");
        assertEquals(21, lines.length);
        assertEquals("d50.example", lines[2].strip().split(" ")[0]);
    }
}
