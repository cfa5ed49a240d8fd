// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.compound;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.Patterns;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * A table that can never answer: its type is one of Postfix's that is not here, or it stands for a file of a list that
 * could not be read. Whoever asks is told to come again.
 * Thread: any.
 */
public final class AbsentTable implements MemoryTable {
    /** Types that Postfix knows, on other systems or with other libraries than any that we run on. */
    private static final Set<String> TYPES = Set.of("internal", "mongodb", "netinfo", "nis", "nisplus");

    private final TableAnswer answer;

    private AbsentTable(String why) {
        this.answer = TableAnswer.unavailable(why);
    }

    /** Throws a ConfigException for a type that nobody has heard of: that is a slip. */
    public static Table open(TableSpec spec, TableHost host) {
        String why;
        if (spec.type().equals(Patterns.UNREADABLE_TYPE)) {
            why = "open file " + spec.name() + ": " + whyUnreadable(host.file(spec.name()));
        } else {
            why = unsupported(spec.type());
            if (!TYPES.contains(spec.type())) {
                throw new ConfigException(why);
            }
        }
        host.warn(spec + " is unavailable. " + why);
        return new AbsentTable(why);
    }

    public static String unsupported(String type) {
        return "unsupported dictionary type: " + type;
    }

    private static String whyUnreadable(Path file) {
        try {
            Files.readString(file);
            return "it could not be read when the configuration was";
        } catch (IOException e) {
            return Patterns.reason(e);
        }
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        return answer;
    }

    @Override
    public boolean isFixedText() {
        return true;
    }
}
