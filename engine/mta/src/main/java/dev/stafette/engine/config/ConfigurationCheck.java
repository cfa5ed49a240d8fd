// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.config.syntax.MainCf;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a whole configuration: values that are wrong end the look, names that do nothing are warned of.
 * Thread: start-up and reload.
 */
final class ConfigurationCheck {
    /** What the name of a list of restrictions ends in. */
    private static final String RESTRICTIONS = "_restrictions";

    private final MainCf mainCf;
    private final MasterCf masterCf;
    private final Settings settings;
    private final Consumer<Settings> sections;
    private final List<String> warnings;
    private final Set<String> referenced = new HashSet<>();
    /** Of {@code smtpd_restriction_classes}. */
    private final Set<String> classes = new HashSet<>();

    /** {@code sections}: know what the types of the table cannot say. */
    ConfigurationCheck(
            MainCf mainCf, MasterCf masterCf, Settings settings, Consumer<Settings> sections, List<String> warnings) {
        this.mainCf = mainCf;
        this.masterCf = masterCf;
        this.settings = settings;
        this.sections = sections;
        this.warnings = warnings;
    }

    void run() {
        checkValues();
        collectReferences();
        for (MainCf.Entry entry : mainCf.entries()) {
            warnIfUseless(mainCf.originOf(entry.name()), settings, entry.name(), entry.value());
        }
        for (ServiceRow row : masterCf.rows()) {
            Settings ofRow = settings.forService(row);
            row.overrides().forEach((name, value) -> warnIfUseless(row.origin(), ofRow, name, value));
        }
    }

    private void checkValues() {
        TextLengths.table().check(settings, masterCf.rows());
        // What is set first, in the order of the file: its origin is the more helpful one.
        for (MainCf.Entry entry : mainCf.entries()) {
            if (find(entry.name()) != null) {
                settings.check(entry.name());
            }
        }
        for (Parameter parameter : Parameters.table().all()) {
            if (!parameter.isPerTransport()) {
                settings.check(parameter.name());
            }
        }
        for (ServiceRow row : masterCf.rows()) {
            Settings ofRow = settings.forService(row);
            for (String name : row.overrides().keySet()) {
                if (find(name) != null) {
                    ofRow.check(name);
                }
            }
            sections.accept(ofRow);
            if (row.type() == ServiceRow.Type.INET) {
                ListenAddresses.of(row, ofRow);
                checkUnderStress(row);
            }
        }
        sections.accept(settings);
    }

    /** What holds under stress must not turn out to be wrong only then. */
    private void checkUnderStress(ServiceRow row) {
        Settings stressed = settings.forService(row.withStress(true));
        for (Parameter parameter : Parameters.table().all()) {
            if (!parameter.isPerTransport()) {
                stressed.check(parameter.name());
            }
        }
    }

    private @Nullable Parameter find(String name) {
        return Parameters.table().find(name, settings.transports());
    }

    /** Names of one's own are fine as long as something refers to them. */
    private void collectReferences() {
        for (MainCf.Entry entry : mainCf.entries()) {
            collectReferences(entry.value());
        }
        for (ServiceRow row : masterCf.rows()) {
            row.overrides().values().forEach(this::collectReferences);
            row.arguments().forEach(this::collectReferences);
        }
        for (Parameter parameter : Parameters.table().all()) {
            String text = parameter.defaultText();
            if (text != null) {
                collectReferences(text);
            }
        }
        MainCf.Entry names = mainCf.find("smtpd_restriction_classes");
        if (names != null) {
            classes.addAll(ConfigWords.split(names.value()));
        }
        referenced.addAll(classes);
    }

    private void collectReferences(String text) {
        for (int i = text.indexOf('$'); i >= 0; i = text.indexOf('$', i + 1)) {
            int from = i + 1;
            while (from < text.length() && "{( \t".indexOf(text.charAt(from)) >= 0) {
                from++;
            }
            int to = from;
            while (to < text.length() && Expansion.isNameChar(text.charAt(to))) {
                to++;
            }
            referenced.add(text.substring(from, to));
        }
    }

    /** {@code ofWhom}: where it is set, main.cf or a row. */
    private void warnIfUseless(String origin, Settings ofWhom, String name, String value) {
        if (name.endsWith(RESTRICTIONS) || classes.contains(name)) {
            warnOfLegacyWords(origin, name, value);
        }
        warnOfFiles(origin, ofWhom, name);
        ParameterUse effect = effectOf(name);
        if (effect == ParameterUse.IN_USE || effect != ParameterUse.UNKNOWN && ofWhom.isDefault(name)) {
            return;
        }
        String today = LegacyNames.table().today(name);
        if (today != null) {
            warnOfLegacyName(origin, name, today);
        } else if (effect == ParameterUse.NOT_BUILT) {
            warnings.add(origin + ": parameter '" + name + "' is not implemented yet: it has no effect");
        } else if (effect == ParameterUse.UNKNOWN && !referenced.contains(name)) {
            String nearest = Suggestion.nearest(name, candidates());
            warnings.add(origin + ": unused parameter: " + name + "=" + value
                    + (nearest == null ? "" : " (did you mean '" + nearest + "'?)"));
        }
    }

    private void warnOfFiles(String origin, Settings ofWhom, String name) {
        Parameter parameter = find(name);
        if (parameter != null
                && (parameter.type() instanceof ValueType.Domains || parameter.type() instanceof ValueType.Networks)) {
            for (String file : ofWhom.unreadableFiles(name)) {
                warnings.add(origin + ": parameter '" + name + "': open file " + file
                        + ": as long as no reload can read it, whoever it may concern is answered 451");
            }
        }
    }

    private ParameterUse effectOf(String name) {
        return ParameterUse.of(name, settings.transports());
    }

    /** The parameter is one of an earlier release. */
    private void warnOfLegacyName(String origin, String name, String today) {
        ParameterUse effect = effectOf(today);
        if (effect == ParameterUse.NO_MEANING) {
            return;
        }
        if (LegacyNames.table().replaced(name) != null) {
            warnings.add(origin + ": parameter '" + name + "' is not used any more (today: " + today + ")");
            return;
        }
        warnings.add(origin + ": parameter '" + name + "' is called '" + today + "' today"
                + (effect == ParameterUse.IN_USE ? "" : ", and is not implemented yet: it has no effect"));
    }

    private void warnOfLegacyWords(String origin, String name, String value) {
        for (String word : ConfigWords.split(value)) {
            String today = LegacyNames.table().restriction(word);
            if (today != null) {
                warnings.add(origin + ": parameter '" + name + "': " + word
                        + (LegacyNames.table().isAlive(word)
                                ? " is one of earlier releases (today: " + today + ")"
                                : today.isEmpty()
                                        ? " means nothing any more: it is left out"
                                        : " is called " + today + " today"));
            }
        }
    }

    private Set<String> candidates() {
        Set<String> names = new LinkedHashSet<>();
        for (Parameter parameter : Parameters.table().all()) {
            if (parameter.isPerTransport()) {
                for (String transport : settings.transports()) {
                    names.add(transport + parameter.suffix());
                }
            } else {
                names.add(parameter.name());
            }
        }
        return names;
    }
}
