// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.sts;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The policies that are known, a line for each that was fetched; the last of a domain holds. Nothing is synced: what a crash
 * takes away is fetched again, and a line that is not whole is no line.
 * Thread: start-up, and a worker at a time.
 *
 * <pre>
 * DOMAIN TAB ID TAB FETCHED TAB POLICY LF      in the policy, LF is a vertical bar
 * </pre>
 */
final class StsFile {
    private static final int FIELDS = 4;

    private final Path path;

    StsFile(Path path) {
        this.path = path;
    }

    /** What is still valid; the file then has that and no more. */
    Map<String, StsEntry> open(long nowMs) throws IOException {
        Map<String, StsEntry> entries = new HashMap<>();
        int lineCount = 0;
        try (BufferedReader in = Files.newBufferedReader(path, StandardCharsets.ISO_8859_1)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lineCount++;
                String[] fields = line.split("\t", -1);
                StsEntry entry = fields.length == FIELDS ? entry(fields) : null;
                if (entry != null && entry.isValid(nowMs)) {
                    entries.put(fields[0], entry);
                }
            }
        } catch (NoSuchFileException e) {
            return entries;
        }
        if (lineCount > entries.size()) {
            rewrite(entries);
        }
        return entries;
    }

    private static @Nullable StsEntry entry(String[] fields) {
        try {
            return new StsEntry(fields[1], StsPolicy.parse(fields[3].replace('|', '\n')), Long.parseLong(fields[2]));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void rewrite(Map<String, StsEntry> entries) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try (BufferedWriter out = Files.newBufferedWriter(fresh, StandardCharsets.ISO_8859_1)) {
            for (Map.Entry<String, StsEntry> entry : entries.entrySet()) {
                out.write(line(entry.getKey(), entry.getValue()));
            }
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void append(String domain, StsEntry entry) throws IOException {
        Path parent = path.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(parent);
        }
        Files.writeString(
                path,
                line(domain, entry),
                StandardCharsets.ISO_8859_1,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static String line(String domain, StsEntry entry) {
        return domain
                + '\t'
                + entry.id()
                + '\t'
                + entry.fetchedMs()
                + '\t'
                + entry.policy().text().replace('\n', '|')
                + '\n';
    }
}
