// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every file in {@code resources/smtp}, whole, byte by byte, and cut inside each CRLF. */
class DialogueTest {
    @TestFactory
    List<DynamicTest> answersAsTheFileSays() throws IOException, URISyntaxException {
        Path directory = Path.of(DialogueTest.class.getResource("/smtp").toURI());
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : files) {
            for (ServerDialogue.Cut cut : ServerDialogue.Cut.values()) {
                if (read(file).isFor(cut)) {
                    tests.add(dynamicTest(
                            file.getFileName() + " " + cut, () -> read(file).run(cut)));
                }
            }
        }
        return tests;
    }

    private static ServerDialogue read(Path file) {
        try {
            return new ServerDialogue(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
