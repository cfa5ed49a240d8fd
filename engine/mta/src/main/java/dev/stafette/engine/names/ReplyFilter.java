// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.names;

import dev.stafette.delivery.dns.RecordFilter;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tables that say which records of the DNS are ignored: {@code smtp_dns_reply_filter}, {@code smtpd_dns_reply_filter}.
 * Thread: any (it does not change).
 *
 * @param parameter that names the tables
 * @param notes gets what is ignored, for the log
 * @param warnings gets what is wrong with the tables, for the log
 */
public record ReplyFilter(String parameter, List<Table> tables, Consumer<String> notes, Consumer<String> warnings)
        implements RecordFilter {
    /** Null: the parameter names no table. */
    public static @Nullable ReplyFilter of(
            Settings settings, String parameter, ListTables tables, Consumer<String> notes, Consumer<String> warnings) {
        List<Table> opened = settings.tables(parameter, tables);
        return opened.isEmpty() ? null : new ReplyFilter(parameter, opened, notes, warnings);
    }

    @Override
    public Ruling rule(String record) {
        for (Table table : tables) {
            TableAnswer answer = table.lookup(record, Inquiry.AT_ONCE);
            if (answer.isFound()) {
                return rule(record, answer.value().strip());
            }
            if (answer.finding() == Finding.UNAVAILABLE) {
                return Ruling.UNKNOWN;
            }
        }
        return Ruling.KEEP;
    }

    private Ruling rule(String record, String action) {
        String verb = action.split("[ \t]", 2)[0];
        if (verb.equalsIgnoreCase("ignore")) {
            notes.accept("ignoring DNS RR: " + record);
            return Ruling.DROP;
        }
        warnings.accept(parameter + ": unknown DNS filter action: \"" + action + "\"");
        return Ruling.UNKNOWN;
    }
}
