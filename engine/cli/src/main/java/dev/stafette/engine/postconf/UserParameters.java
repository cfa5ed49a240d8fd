// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.Expansion;
import dev.stafette.engine.config.MachineDefaults;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LogicalLine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds which names of main.cf and master.cf are somebody's own parameters: those that the value of a parameter refers to
 * by {@code $name}, those that {@code smtpd_restriction_classes} lists, and those that a database table named in a value
 * has. What is left over does nothing, and is warned of.
 * Thread: main.
 */
public final class UserParameters {
    private static final String RESTRICTION_CLASSES = "smtpd_restriction_classes";

    private static final String MAIN_DICTIONARY = "dictionary mail_dict: ";

    private final ParameterSpace space;
    private final MainFile main;
    private final MasterFile master;
    private final Warnings warnings;
    private final ParameterValues globalValues;
    private final DatabaseTables tables;

    /** Names that were found wanting, so that each is warned of once. */
    private final Set<String> undefined = new HashSet<>();

    /** Per service, by its index. */
    private final List<Map<String, String>> overridesOfService = new ArrayList<>();

    /** Per service, by its index: names of its own that something refers to. */
    private final List<Set<String>> usedOfService = new ArrayList<>();

    public UserParameters(MainListing.Parts parts, MasterFile master, MachineDefaults machine) {
        this.space = parts.space();
        this.main = parts.main();
        this.master = master;
        this.warnings = parts.warnings();
        this.globalValues = new ParameterValues(space, main, machine);
        this.tables = new DatabaseTables(warnings);
    }

    /** Adds them to the space. */
    public void register() {
        for (ServiceLine service : master.services()) {
            overridesOfService.add(service.overrides());
            usedOfService.add(new HashSet<>());
        }
        for (int i = 0; i < usedOfService.size(); i++) {
            Map<String, String> overrides = overridesOfService.get(i);
            Scope scope = new Scope(master.services().get(i), overrides, usedOfService.get(i));
            scope.useClasses(overrides.get(RESTRICTION_CLASSES));
            scope.scanAll(overrides);
        }
        Scope global = new Scope(null, Map.of(), Set.of());
        for (ParameterRow row : space.sorted()) {
            if (row.defaultText() == null && main.find(row.name()) == null) {
                checkSources(row.name(), global);
            }
            if (!row.isRaw() && row.defaultText() != null && main.find(row.name()) == null) {
                global.scan(row.defaultText());
            }
        }
        global.useClasses(main.find(RESTRICTION_CLASSES));
        global.scanAll(main.values());
    }

    /** What the machine's default of a parameter is made of; without it nothing is shown. */
    private void checkSources(String name, Scope global) {
        List<String> sources = switch (name) {
            case "mydomain" -> List.of("myhostname");
            case "mynetworks" -> List.of("inet_interfaces", "mynetworks_style", "inet_protocols");
            default -> List.of();
        };
        for (String source : sources) {
            String value = main.find(source);
            ParameterRow row = space.find(source);
            if (value != null) {
                global.expand(value, MAIN_DICTIONARY);
            } else if (row != null && row.defaultText() != null) {
                global.expand(row.defaultText(), "");
            }
        }
    }

    /** Warns of what does nothing. */
    public void warnOfUnused() {
        for (Map.Entry<String, String> entry : main.values().entrySet()) {
            warnOfAssignment(main.name(), entry, space.has(entry.getKey()));
        }
        warnOfUnusedInMaster();
    }

    /** The same for the {@code -o} of services alone. */
    public void warnOfUnusedInMaster() {
        int index = 0;
        for (ServiceLine service : master.services()) {
            Set<String> used = usedOfService.get(index++);
            for (Map.Entry<String, String> entry : service.overrides().entrySet()) {
                warnOfAssignment(master.name(), entry, space.has(entry.getKey()) || used.contains(entry.getKey()));
            }
        }
    }

    private void warnOfAssignment(String file, Map.Entry<String, String> entry, boolean isUsed) {
        String assignment = entry.getKey() + "=" + entry.getValue();
        if (MainFile.READ_ONLY.contains(entry.getKey())) {
            warnings.warn(file + ": read-only parameter assignment: " + assignment);
        } else if (!isUsed) {
            warnings.warn(file + ": unused parameter: " + assignment);
        }
    }

    /** The words of a list; braces are words of their own. */
    public static List<String> words(String value) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < value.length()) {
            int from = at;
            while (at < value.length() && value.charAt(at) != ',' && !LogicalLine.isSpace(value.charAt(at))) {
                at++;
            }
            if (at > from) {
                words.add(value.substring(from, at));
            }
            at++;
        }
        return words;
    }

    /** Where a name is looked up: the {@code -o} of one service before main.cf, or main.cf alone. */
    private final class Scope implements Expansion.Names, Expansion.ReferenceSink, DatabaseTables.NameSink {
        private final @Nullable ServiceLine service;
        private final Map<String, String> overrides;
        private final Set<String> used;
        private final ParameterValues values;

        /** {@code service}: null for main.cf alone. */
        Scope(@Nullable ServiceLine service, Map<String, String> overrides, Set<String> used) {
            this.service = service;
            this.overrides = overrides;
            this.used = used;
            this.values = service == null ? globalValues : globalValues.of(service);
        }

        private String file() {
            return service == null ? main.name() : master.name();
        }

        void useClasses(@Nullable String value) {
            if (value != null) {
                String dictionary = service == null ? MAIN_DICTIONARY : "dictionary " + service.key() + ": ";
                for (String name : words(expand(value, dictionary))) {
                    onReference(name);
                }
            }
        }

        /** Of those that nobody uses, too: what only they use is not warned of as well. */
        void scanAll(Map<String, String> values) {
            for (Map.Entry<String, String> entry : values.entrySet()) {
                ParameterRow row = space.find(entry.getKey());
                if (row != null && row.isRaw()) {
                    continue;
                }
                scan(entry.getValue());
                // Of what nobody knows it cannot be said that it names tables.
                if (row != null && row.kind() != ParameterRow.Kind.USER) {
                    String where = service == null ? "main.cf" : "master.cf:" + service.key();
                    tables.scan(expand(entry.getValue(), ""), where, this);
                }
            }
        }

        void scan(String value) {
            List<String> mistakes = new ArrayList<>();
            Expansion.scan(value, this, mistakes);
            mistakes.forEach(warnings::warn);
        }

        /** Of what the file says alone. */
        @Override
        public @Nullable String valueOf(String name) {
            return service == null ? main.find(name) : overrides.get(name);
        }

        /** {@code dictionary}: the file alone, as messages call it; empty: with all that is known. */
        String expand(String value, String dictionary) {
            List<String> mistakes = new ArrayList<>();
            String expanded = Expansion.expand(value, dictionary.isEmpty() ? values : this, mistakes);
            mistakes.forEach(warnings::warn);
            if (expanded == null) {
                throw new ConfigException(dictionary + "macro processing error");
            }
            return expanded;
        }

        @Override
        public void onReference(String name) {
            if (!use(name) && !space.has(name) && undefined.add(file() + name)) {
                warnings.warn(file() + ": undefined parameter: " + name);
            }
        }

        @Override
        public void onName(String name) {
            use(name);
        }

        /** False when no file has it. */
        private boolean use(String name) {
            boolean isSet = false;
            if (overrides.containsKey(name)) {
                used.add(name);
                isSet = true;
            } else if (main.find(name) != null) {
                if (!space.has(name)) {
                    space.addUser(name);
                }
                isSet = true;
            }
            return service == null ? useInServices(name) || isSet : isSet;
        }
    }

    private boolean useInServices(String name) {
        boolean isSet = false;
        for (int i = 0; i < usedOfService.size(); i++) {
            if (overridesOfService.get(i).containsKey(name)) {
                usedOfService.get(i).add(name);
                isSet = true;
            }
        }
        return isSet;
    }
}
