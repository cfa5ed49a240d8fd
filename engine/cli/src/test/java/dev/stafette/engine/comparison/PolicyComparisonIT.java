// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
@Timeout(900)
class PolicyComparisonIT {
    private static final String CASES = "/policy/cases.txt";
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

    private List<List<List<List<String>>>> askOurs() throws Exception {
        try (OurSide ours = OurSide.start(file, around, Files.createDirectory(parent.resolve("ours")))) {
            return ours.ask(file.blocks());
        }
    }

    private List<List<List<List<String>>>> askPostfix() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may start Postfix's master");
        Programs.require(PostfixInstance.MASTER);
        try (PostfixSide postfix =
                PostfixSide.start(file, around, List.of(), Files.createDirectory(parent.resolve("postfix")))) {
            return postfix.ask(file.blocks());
        }
    }

    @Test
    void answersAsPostfixDid() throws Exception {
        Assumptions.assumeTrue(System.getProperty("policy.record") == null, "recording");
        assertTrue(
                file.blocks().stream().mapToInt(block -> block.cases().size()).sum() >= CASES_MIN);
        List<String> wrong =
                Differences.between(file, file.replies(), askOurs()).beside("policy");
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    }

    @Test
    void postfixSaysWhatIsRecorded() throws Exception {
        Assumptions.assumeTrue(System.getProperty("policy.record") == null, "recording");
        List<String> wrong =
                Differences.between(file, file.replies(), askPostfix()).lines();
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    }

    @Test
    void writesTheRecordWhenAsked() throws Exception {
        String directory = System.getProperty("policy.record");
        Assumptions.assumeTrue(directory != null, "only with -Dpolicy.record=DIRECTORY");
        List<List<List<List<String>>>> theirs = askPostfix();
        Files.write(Path.of(directory, "cases.txt"), file.print(theirs));
        Differences.between(file, theirs, askOurs()).write("policy", Path.of(directory, "pending.txt"));
    }
}
