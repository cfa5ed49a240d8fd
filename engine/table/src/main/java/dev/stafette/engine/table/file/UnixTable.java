// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.MapLine;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code unix:passwd.byname} and {@code unix:group.byname}: the lines of {@code /etc/passwd} and {@code /etc/group}.
 * Thread: any.
 *
 * <p>Java has no way to ask the system for an account, so that those of a directory (NIS, LDAP by nsswitch.conf) are not
 * seen here.
 */
public final class UnixTable implements MemoryTable {
    private final FileVersions<Map<String, TableAnswer>> versions;

    private UnixTable(FileVersions<Map<String, TableAnswer>> versions) {
        this.versions = versions;
    }

    public static Table open(TableSpec spec, TableHost host) {
        Path file = switch (spec.name()) {
            case "passwd.byname" -> Path.of("/etc/passwd");
            case "group.byname" -> Path.of("/etc/group");
            default -> throw new ConfigException("unknown table: " + spec);
        };
        return open(file, spec.toString(), host);
    }

    public static Table open(Path file, String name, TableHost host) {
        try {
            return new UnixTable(FileVersions.open(file, UnixTable::read, host, host.workers()));
        } catch (IOException e) {
            throw RuleSource.cannotOpen("open", name, file, e);
        }
    }

    private static Map<String, TableAnswer> read(Path file) throws IOException {
        Map<String, TableAnswer> lines = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.charAt(0) != '#') {
                lines.putIfAbsent(line.substring(0, colon), TableAnswer.found(line));
            }
        }
        return lines;
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        return versions.current().getOrDefault(MapLine.fold(key), TableAnswer.notFound());
    }

    @Override
    public boolean isFixedText() {
        return true;
    }
}
