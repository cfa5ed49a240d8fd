// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The conversations of {@code policy/cases.txt}, with what Debian's Postfix says to each: it still says so where it is
 * installed, and ours says the same, but for the cases that {@code policy/pending.txt} lists.
 *
 * <p>{@code -Dpolicy.record=DIRECTORY} asks Postfix anew and writes both files there, so that a new case needs no replies
 * and none is moved by hand.
 */
@Timeout(300)
class PolicyComparisonIT {
    private static final String CASES = "/policy/cases.txt";
    private static final String PENDING = "/policy/pending.txt";
    private static final int CASES_MIN = 400;

    private Path parent;
    private CaseFile file;
    private Surroundings around;

    @BeforeEach
    void read() throws IOException {
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "policy");
        file = CaseFile.read(CASES);
        around = Surroundings.open(file.names());
    }

    @AfterEach
    void delete() throws IOException {
        around.close();
        if (!Boolean.getBoolean("policy.keep")) {
            MtaDirectory.delete(parent);
        }
    }

    private static List<String> pending() throws IOException {
        try (InputStream in = Objects.requireNonNull(PolicyComparisonIT.class.getResourceAsStream(PENDING))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private List<List<List<List<String>>>> askOurs() throws Exception {
        try (OurSide ours = OurSide.start(file, around, Files.createDirectory(parent.resolve("ours")))) {
            return ours.ask(file.blocks());
        }
    }

    private List<List<List<List<String>>>> askPostfix() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may start Postfix's master");
        Programs.require(PostfixSide.MASTER);
        try (PostfixSide postfix = PostfixSide.start(file, around, Files.createDirectory(parent.resolve("postfix")))) {
            return postfix.ask(file.blocks());
        }
    }

    private List<List<List<List<String>>>> recorded() {
        return file.blocks().stream()
                .map(block -> block.cases().stream().map(Case::replies).toList())
                .toList();
    }

    /** By case, the first command that was answered in another way. */
    private Map<String, String> differences(
            List<List<List<List<String>>>> expected, List<List<List<List<String>>>> said) {
        Map<String, String> differences = new LinkedHashMap<>();
        for (int i = 0; i < file.blocks().size(); i++) {
            Block block = file.blocks().get(i);
            for (int j = 0; j < block.cases().size(); j++) {
                Case one = block.cases().get(j);
                for (int k = 0; k < one.exchanges().size(); k++) {
                    List<String> there = expected.get(i).get(j).get(k);
                    List<String> here = said.get(i).get(j).get(k);
                    if (!there.equals(here)) {
                        differences.putIfAbsent(
                                block.key(one),
                                "    C: " + one.exchanges().get(k).command() + "\n    Postfix: "
                                        + String.join(" / ", there) + "\n    here:    " + String.join(" / ", here));
                    }
                }
            }
        }
        return differences;
    }

    @Test
    void answersAsPostfixDid() throws Exception {
        Assumptions.assumeTrue(System.getProperty("policy.record") == null, "recording");
        assertTrue(
                file.blocks().stream().mapToInt(block -> block.cases().size()).sum() >= CASES_MIN);
        Map<String, String> differences = differences(recorded(), askOurs());
        List<String> wrong = new ArrayList<>();
        Set<String> pending = new TreeSet<>(pending());
        differences.forEach((key, text) -> {
            if (!pending.remove(key)) {
                wrong.add(key + "\n" + text);
            }
        });
        pending.removeIf(line -> line.isBlank() || line.startsWith("#") || line.startsWith(" "));
        pending.forEach(
                key -> wrong.add(
                        key
                                + "\n    agrees now, or is no more: take it out of policy/pending.txt (by hand, or with policy.record)"));
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    }

    @Test
    void postfixSaysWhatIsRecorded() throws Exception {
        Assumptions.assumeTrue(System.getProperty("policy.record") == null, "recording");
        Map<String, String> differences = differences(recorded(), askPostfix());
        List<String> wrong = new ArrayList<>();
        differences.forEach((key, text) -> wrong.add(key + "\n" + text));
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    }

    @Test
    void writesTheRecordWhenAsked() throws Exception {
        String directory = System.getProperty("policy.record");
        Assumptions.assumeTrue(directory != null, "only with -Dpolicy.record=DIRECTORY");
        List<List<List<List<String>>>> theirs = askPostfix();
        Files.write(Path.of(directory, "cases.txt"), file.print(theirs));
        List<String> pending = new ArrayList<>();
        pending().stream().takeWhile(line -> line.startsWith("#")).forEach(pending::add);
        differences(theirs, askOurs()).forEach((key, text) -> {
            pending.add(key);
            text.lines().forEach(pending::add);
        });
        Files.write(Path.of(directory, "pending.txt"), pending);
    }
}
