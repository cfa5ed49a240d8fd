// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The messages of {@code routing/cases.txt}: the same arrives at the same place with the same envelope and header as from
 * Debian's Postfix, and the log says the same, but for what {@code routing/pending.txt} lists.
 *
 * <p>{@code -Drouting.record=DIRECTORY} asks Postfix anew and writes both files there.
 */
@Timeout(900)
class RoutingComparisonIT {
    private static final String CASES = "/routing/cases.txt";
    private static final String RECORD = "routing.record";
    private static final int CASES_MIN = 60;
    private static final int BLOCKS_AT_A_TIME = 4;

    /** All that delivers mail. */
    static final List<String> POSTFIX_MASTER_CF = List.of(
            "qmgr unix n - n 300 1 qmgr",
            "bounce unix - - n - 0 bounce",
            "defer unix - - n - 0 bounce",
            "trace unix - - n - 0 bounce",
            "verify unix - - n - 1 verify",
            "smtp unix - - n - - smtp",
            "relay unix - - n - - smtp",
            "error unix - - n - - error",
            "retry unix - - n - - error",
            "discard unix - - n - - discard",
            "local unix - n n - - local",
            "virtual unix - n n - - virtual",
            "scache unix - - n - 1 scache");

    private Path parent;
    private MailFile file;
    private Surroundings around;

    @BeforeEach
    void read() throws IOException {
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "routing");
        file = MailFile.read(CASES);
        around = Surroundings.open(file.names());
    }

    @AfterEach
    void delete() throws IOException {
        around.close();
        if (!Boolean.getBoolean("routing.keep")) {
            MtaDirectory.delete(parent);
        }
    }

    private interface BlockRun {
        List<List<String>> run(int block) throws Exception;
    }

    private List<List<List<String>>> run(BlockRun one) throws Exception {
        List<Callable<List<List<String>>>> tasks = new ArrayList<>();
        for (int i = 0; i < file.blocks().size(); i++) {
            int block = i;
            tasks.add(() -> one.run(block));
        }
        ExecutorService threads = Executors.newFixedThreadPool(BLOCKS_AT_A_TIME);
        try {
            List<List<List<String>>> all = new ArrayList<>();
            for (Future<List<List<String>>> outcome : threads.invokeAll(tasks)) {
                all.add(outcome.get());
            }
            return all;
        } finally {
            threads.shutdown();
        }
    }

    /** No name twice: of each, Postfix's master writes a warning to its logger, which it starts when it has done with these. */
    private List<String> mainCf(int block, Path directory) {
        Map<String, String> main = new LinkedHashMap<>();
        for (String line : file.settings()) {
            main.put(line.split(" ")[0], around.expand(line, directory));
        }
        for (String line : around.settings(file.blocks().get(block), directory)) {
            main.put(line.split(" ")[0], line);
        }
        return List.copyOf(main.values());
    }

    private MailOutcomes outcomes(int block, String side, Path directory) {
        return new MailOutcomes(file.cases().get(block), side + block, directory.resolve("mail.log"), around);
    }

    private List<List<String>> ours(int block) throws Exception {
        Path directory = Files.createDirectories(parent.resolve("ours" + block));
        int port = FreePorts.find();
        List<String> tables = around.writeTables(List.of(file.blocks().get(block)), directory);
        List<String> rows = List.of(Side.row(port, "smtpd", List.of()));
        OurInstance ours = OurInstance.start(directory, mainCf(block, directory), rows, tables, around.nameServer());
        try (ours) {
            return outcomes(block, "ours", directory).collect(port);
        }
    }

    private List<List<String>> postfix(int block) throws Exception {
        Path directory = Files.createDirectories(parent.resolve("postfix" + block));
        int port = FreePorts.find();
        List<String> tables = around.writeTables(List.of(file.blocks().get(block)), directory);
        List<String> rows = new ArrayList<>(POSTFIX_MASTER_CF);
        rows.add(Side.row(port, "smtpd", List.of()));
        PostfixInstance postfix =
                PostfixInstance.start(directory, mainCf(block, directory), rows, tables, around.nameServer(), port);
        try (postfix) {
            return outcomes(block, "postfix", directory).collect(port);
        }
    }

    private List<List<List<String>>> askPostfix() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may start Postfix's master");
        Programs.require(PostfixInstance.MASTER);
        return run(this::postfix);
    }

    private List<List<List<String>>> recorded() {
        return file.cases().stream()
                .map(block -> block.stream().map(MailCase::outcome).toList())
                .toList();
    }

    private Differences differences(List<List<List<String>>> expected, List<List<List<String>>> actual) {
        Differences differences = new Differences();
        for (int i = 0; i < file.blocks().size(); i++) {
            for (int j = 0; j < file.cases().get(i).size(); j++) {
                List<String> there = expected.get(i).get(j);
                List<String> here = actual.get(i).get(j);
                if (!there.equals(here)) {
                    String key = file.blocks().get(i).name() + ": "
                            + file.cases().get(i).get(j).title();
                    differences.add(
                            key, "Postfix: " + String.join(" / ", there), "here:    " + String.join(" / ", here));
                }
            }
        }
        return differences;
    }

    @Test
    void sendsMailWherePostfixDid() throws Exception {
        Assumptions.assumeTrue(System.getProperty(RECORD) == null, "recording");
        assertTrue(file.cases().stream().mapToInt(List::size).sum() >= CASES_MIN);
        List<String> wrong = differences(recorded(), run(this::ours)).beside("routing");
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    }

    @Test
    void postfixDoesWhatIsRecorded() throws Exception {
        Assumptions.assumeTrue(System.getProperty(RECORD) == null, "recording");
        List<String> wrong = differences(recorded(), askPostfix()).lines();
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    }

    @Test
    void writesTheRecordWhenAsked() throws Exception {
        String directory = System.getProperty(RECORD);
        Assumptions.assumeTrue(directory != null, "only with -D" + RECORD + "=DIRECTORY");
        List<List<List<String>>> theirs = askPostfix();
        Files.write(Path.of(directory, "cases.txt"), file.print(theirs));
        differences(theirs, run(this::ours)).write("routing", Path.of(directory, "pending.txt"));
    }
}
