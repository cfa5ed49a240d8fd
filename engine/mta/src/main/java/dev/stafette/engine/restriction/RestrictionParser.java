// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.restriction.RestrictionList.Step;
import dev.stafette.engine.restriction.RestrictionTable.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes checks of the words of main.cf, and of those that access tables have for values.
 * Thread: start-up and reload; {@link #parseValue}: any.
 *
 * <p>{@code warn_if_reject} goes with the next word. A class stands for its words. A bare {@code type:table} stands for the
 * check of the stage that asks tables. What cannot be understood is a check that cannot be made: each time, the log says why.
 */
final class RestrictionParser {
    private static final String WARN_IF_REJECT = "warn_if_reject";

    private static final int NESTING_MAX = 100;

    /** Of one list, with its classes: those that name themselves must end somewhere. */
    private static final int STEPS_MAX = 10_000;

    /** Of values that tables have for restrictions; further ones are read each time. */
    private static final int VALUES_MAX = 1000;

    private final Map<String, Row> rows = new HashMap<>();
    private final Map<String, List<String>> classes;
    private final RestrictionParts parts;

    /** Those without an argument, which are the same everywhere. */
    private final Map<String, Restriction> simple = new HashMap<>();

    private final Map<String, RestrictionList> values = new ConcurrentHashMap<>();

    /** {@code classes}: {@code smtpd_restriction_classes}, with the words of each. */
    RestrictionParser(List<Row> rows, Map<String, List<String>> classes, RestrictionParts parts) {
        this.classes = classes;
        this.parts = parts;
        for (Row row : rows) {
            this.rows.put(row.name(), row);
            if (row.argument() == Argument.NONE) {
                simple.put(row.name(), row.maker().make("", RestrictionStage.RECIPIENT, this));
            }
        }
    }

    RestrictionParts parts() {
        return parts;
    }

    RestrictionList parse(RestrictionStage stage, List<String> words) {
        Reading reading = new Reading(stage);
        reading.read(words, false, 0);
        return new RestrictionList(DnsListRun.together(reading.steps));
    }

    /** What a table names, in a list of that stage. */
    RestrictionList parseValue(RestrictionStage stage, String value) {
        String key = stage + " " + value;
        RestrictionList known = values.get(key);
        if (known == null) {
            known = parse(stage, ConfigWords.split(value));
            if (values.size() < VALUES_MAX) {
                values.put(key, known);
            }
        }
        return known;
    }

    private final class Reading {
        private final RestrictionStage stage;
        private final List<Step> steps = new ArrayList<>();

        Reading(RestrictionStage stage) {
            this.stage = stage;
        }

        void read(List<String> words, boolean onlyWarns, int nesting) {
            boolean warns = onlyWarns;
            for (int i = 0; i < words.size() && steps.size() < STEPS_MAX; i++) {
                String word = words.get(i);
                String name = word.toLowerCase(Locale.ROOT);
                if (name.equals(WARN_IF_REJECT)) {
                    warns = true;
                    continue;
                }
                if (word.indexOf(':') >= 0) {
                    addTable(word, warns);
                } else if (rows.containsKey(name)) {
                    Row row = row(name);
                    boolean hasArgument = row.argument() != Argument.NONE && i + 1 < words.size();
                    i += hasArgument ? 1 : 0;
                    add(row, hasArgument ? words.get(i) : "", warns);
                } else {
                    readClass(word, warns, nesting);
                }
                warns = onlyWarns;
            }
        }

        private void readClass(String word, boolean onlyWarns, int nesting) {
            List<String> ofClass = classes.get(word);
            if (ofClass == null) {
                steps.add(broken(word, "unknown smtpd restriction: \"" + word + "\""));
            } else if (nesting == NESTING_MAX) {
                steps.add(broken(word, "restriction class " + word + " is part of itself"));
            } else {
                read(ofClass, onlyWarns, nesting + 1);
            }
        }

        /** Not even {@code warn_if_reject} passes over it. */
        private Step broken(String name, String complaint) {
            return new Step(name, new FixedVerdict(Verdict.serverError(complaint)), false);
        }

        private void addTable(String spec, boolean onlyWarns) {
            if (stage.tableCheck().isEmpty()) {
                steps.add(broken(
                        spec,
                        "specify one of (check_client_access, check_reverse_client_hostname_access, check_helo_access, "
                                + "check_sender_access, check_recipient_access, check_etrn_access) before "
                                + stage.subject().text() + " restriction \"" + spec + "\""));
            } else {
                add(row(stage.tableCheck()), spec, onlyWarns);
            }
        }

        private Row row(String name) {
            Row row = rows.get(name);
            if (row == null) {
                throw new IllegalStateException("no restriction " + name);
            }
            return row;
        }

        private void add(Row row, String argument, boolean onlyWarns) {
            String complaint = row.argument().complaint(row.name(), argument);
            Restriction made = simple.get(row.name());
            if (complaint != null) {
                steps.add(
                        row.argument().isVital()
                                ? broken(row.name(), complaint)
                                : new Step(row.name(), new FixedVerdict(Verdict.nothing(complaint)), onlyWarns));
            } else {
                Restriction check = made == null ? row.maker().make(argument, stage, RestrictionParser.this) : made;
                // What a table says has a word of its own.
                boolean hasWords = row.argument() == Argument.TABLE || row.argument() == Argument.SERVER;
                steps.add(
                        new Step(row.name(), hasWords ? check : parts.permits().around(row.name(), check), onlyWarns));
            }
        }
    }
}
