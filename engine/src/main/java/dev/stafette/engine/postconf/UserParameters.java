// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.ConfigException;
import dev.stafette.engine.config.Expansion;
import dev.stafette.engine.config.LogicalLine;
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

    private final ParameterSpace space;
    private final MainFile main;
    private final MasterFile master;
    private final Warnings warnings;

    /** Names that were found wanting, so that each is warned of once. */
    private final Set<String> undefined = new HashSet<>();

    /** Per service, by its index: names of its own that something refers to. */
    private final List<Set<String>> usedOfService = new ArrayList<>();

    public UserParameters(ParameterSpace space, MainFile main, MasterFile master, Warnings warnings) {
        this.space = space;
        this.main = main;
        this.master = master;
        this.warnings = warnings;
    }

    /** Adds them to the space. */
    public void register() {
        for (ServiceLine service : master.services()) {
            Set<String> used = new HashSet<>();
            usedOfService.add(used);
            new Scope(service.overrides(), used, master.name()).scanOverrides();
        }
        Scope global = new Scope(Map.of(), Set.of(), main.name());
        global.useClasses(main.find(RESTRICTION_CLASSES));
        for (Map.Entry<String, String> entry : main.values().entrySet()) {
            ParameterRow row = space.find(entry.getKey());
            if (row == null || !row.isRaw()) {
                global.scan(entry.getValue());
            }
        }
        for (ParameterRow row : space.sorted()) {
            if (!row.isRaw() && row.defaultText() != null && main.find(row.name()) == null) {
                global.scan(row.defaultText());
            }
        }
    }

    /** So many defaults depend on it that nothing can be told without. */
    public void checkCompatibilityLevel() {
        new Scope(Map.of(), Set.of(), main.name()).expand("${{$compatibility_level} >=level {0} ? {} : {}}");
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
        private final Map<String, String> overrides;
        private final Set<String> used;
        private final String file;

        Scope(Map<String, String> overrides, Set<String> used, String file) {
            this.overrides = overrides;
            this.used = used;
            this.file = file;
        }

        void scanOverrides() {
            useClasses(overrides.get(RESTRICTION_CLASSES));
            // Those that nobody uses, too: what only they use is not warned of as well.
            for (Map.Entry<String, String> entry : overrides.entrySet()) {
                ParameterRow row = space.find(entry.getKey());
                if (row == null || !row.isRaw()) {
                    scan(entry.getValue());
                }
            }
        }

        void useClasses(@Nullable String value) {
            if (value != null) {
                for (String name : words(expand(value))) {
                    onReference(name);
                }
            }
        }

        private String expand(String value) {
            try {
                return Expansion.expand(value, this);
            } catch (ConfigException e) {
                throw failed(e);
            }
        }

        @Override
        public @Nullable String valueOf(String name) {
            String override = overrides.get(name);
            String value = override == null ? main.find(name) : override;
            ParameterRow row = value == null ? space.find(name) : null;
            return row == null ? value : row.defaultText();
        }

        private ConfigException failed(ConfigException e) {
            warnings.warn(String.valueOf(e.getMessage()));
            return new ConfigException("macro processing error");
        }

        void scan(String value) {
            try {
                Expansion.scan(value, this);
            } catch (ConfigException e) {
                throw failed(e);
            }
            DatabaseTables.scan(value, this, warnings);
        }

        @Override
        public void onReference(String name) {
            if (!onName(name) && undefined.add(file + name)) {
                warnings.warn(file + ": undefined parameter: " + name);
            }
        }

        /** False if nobody has a parameter of that name. */
        @Override
        public boolean onName(String name) {
            String override = overrides.get(name);
            if (override != null) {
                if (used.add(name) && !space.has(name)) {
                    scan(override);
                }
                return true;
            }
            if (space.has(name)) {
                return true;
            }
            @Nullable String value = main.find(name);
            if (value == null) {
                return false;
            }
            space.addUser(name);
            scan(value);
            return true;
        }
    }
}
