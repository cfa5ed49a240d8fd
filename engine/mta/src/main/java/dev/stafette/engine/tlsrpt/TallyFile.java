// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import dev.stafette.delivery.tls.ReportedPolicy;
import dev.stafette.delivery.tls.TlsFailure;
import dev.stafette.engine.tlsrpt.DomainTally.Failure;
import dev.stafette.engine.tlsrpt.DomainTally.PolicyTally;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The counts in a file, written as a whole. Nothing is synced: what a crash takes away is missing in a report. A line that
 * makes no sense counts for nothing.
 * Thread: {@link #text} is for that of the counting; a worker at a time does the rest.
 *
 * <pre>
 * P TAB DAY TAB DOMAIN TAB TYPE TAB POLICY TAB MX TAB SUCCESSES LF      lists: a bar between two
 * F TAB RESULT TAB HOST TAB ADDRESS TAB OURS TAB REASON TAB COUNT LF    of the policy before
 * </pre>
 */
final class TallyFile {
    private static final int FIELDS = 7;

    private final Path path;

    TallyFile(Path path) {
        this.path = path;
    }

    static String text(Tallies tallies) {
        StringBuilder out = new StringBuilder();
        tallies.all()
                .forEach((day, domains) ->
                        domains.forEach((domain, tally) -> tally.policies().forEach((policy, counts) -> {
                            line(
                                    out,
                                    "P",
                                    day.toString(),
                                    domain,
                                    policy.type().name(),
                                    String.join("|", policy.text()),
                                    String.join("|", policy.mx()),
                                    Long.toString(counts.successCount()));
                            for (Map.Entry<Failure, Long> one :
                                    counts.failures().entrySet()) {
                                Failure failure = one.getKey();
                                line(
                                        out,
                                        "F",
                                        failure.type().name(),
                                        failure.host(),
                                        failure.address(),
                                        failure.local(),
                                        failure.reason(),
                                        one.getValue().toString());
                            }
                        })));
        return out.toString();
    }

    private static void line(StringBuilder out, String... fields) {
        out.append(String.join("\t", fields)).append('\n');
    }

    void write(String text) throws IOException {
        Path parent = path.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(parent);
        }
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.writeString(fresh, text, StandardCharsets.ISO_8859_1);
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What the file says is added; one that is not there says nothing. */
    void read(Tallies into) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(path, StandardCharsets.ISO_8859_1)) {
            PolicyTally last = null;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] fields = line.split("\t", -1);
                if (fields.length == FIELDS && fields[0].equals("P")) {
                    last = policy(fields, into);
                } else if (fields.length == FIELDS && fields[0].equals("F") && last != null) {
                    addFailure(fields, last);
                }
            }
        } catch (NoSuchFileException e) {
            // The first start.
            return;
        }
    }

    private static @Nullable PolicyTally policy(String[] fields, Tallies into) {
        try {
            ReportedPolicy policy = new ReportedPolicy(
                    ReportedPolicy.Type.valueOf(fields[3]), fields[2], list(fields[4]), list(fields[5]), false);
            long successCount = Long.parseLong(fields[6]);
            DomainTally domain = into.of(Long.parseLong(fields[1]), fields[2]);
            if (domain == null) {
                return null;
            }
            PolicyTally tally = domain.of(policy);
            tally.addSuccesses(successCount);
            return tally;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void addFailure(String[] fields, PolicyTally to) {
        TlsFailure type = Arrays.stream(TlsFailure.values())
                .filter(one -> one.name().equals(fields[1]))
                .findFirst()
                .orElse(null);
        if (type != null && fields[6].matches("[0-9]{1,18}")) {
            to.addFailures(new Failure(type, fields[2], fields[3], fields[4], fields[5]), Long.parseLong(fields[6]));
        }
    }

    private static List<String> list(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split("\\|"));
    }
}
