// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.syntax.ConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * What of master.cf somebody asks for: {@code service/type}, {@code service/type/field} or
 * {@code service/type/parameter}, where {@code *} is any, and what is left out at the end is any too.
 * Thread: main.
 */
final class ServicePatterns {
    static final String ANY = "*";

    private final List<Pattern> patterns;

    private ServicePatterns(List<Pattern> patterns) {
        this.patterns = patterns;
    }

    /** What a pattern can name. */
    enum Part {
        ROW('M', "service_name[/type]", "-Me, -MX or -M# requires service_name/type"),
        FIELD('F', "service_name[/type[/field]]", "-Fe or -FX requires service_name/type/field_name"),
        PARAMETER('P', "service_name[/type[/parameter]]", "-Pe or -PX requires service_name/type/parameter");

        private final char option;
        private final String form;
        private final String editForm;

        Part(char option, String form, String editForm) {
            this.option = option;
            this.form = form;
            this.editForm = editForm;
        }

        static Part of(char option) {
            return option == 'M' ? ROW : option == 'F' ? FIELD : PARAMETER;
        }

        /** What is said to somebody who names less, or more, than an edit needs. */
        String editForm() {
            return editForm;
        }
    }

    private static final class Pattern {
        private final String text;
        private final String[] parts;
        private boolean hasMatched;

        Pattern(String text, String[] parts) {
            this.text = text;
            this.parts = parts;
        }

        boolean matches(ServiceLine service, String name) {
            return matches(0, service.name()) && matches(1, service.type()) && (name.isEmpty() || matches(2, name));
        }

        private boolean matches(int part, String word) {
            return parts.length <= part || parts[part].equals(ANY) || parts[part].equals(word);
        }
    }

    static ServicePatterns of(List<String> requests, Part part) {
        List<Pattern> patterns = new ArrayList<>();
        for (String request : requests) {
            String[] parts = split(request, Integer.MAX_VALUE);
            if (parts.length > (part == Part.ROW ? 2 : 3)) {
                throw new ConfigException("-" + part.option + " option requires " + part.form);
            }
            if (part == Part.FIELD && parts.length == 3) {
                checkField(parts[2]);
            }
            patterns.add(new Pattern(request, parts));
        }
        return new ServicePatterns(patterns);
    }

    static void checkField(String name) {
        if (!name.equals(ANY) && !ServiceLine.FIELD_NAMES.contains(name)) {
            throw new ConfigException("invalid service attribute name: \"" + name + "\"");
        }
    }

    /** By slashes; those behind the last part belong to it. */
    static String[] split(String text, int partsMax) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        int slash = text.indexOf('/');
        while (slash >= 0 && parts.size() + 1 < partsMax) {
            parts.add(text.substring(from, slash));
            from = slash + 1;
            slash = text.indexOf('/', from);
        }
        parts.add(text.substring(from));
        return parts.toArray(new String[0]);
    }

    /** {@code name}: of the field or parameter, empty for the row itself. */
    boolean match(ServiceLine service, String name) {
        boolean found = patterns.isEmpty();
        for (Pattern pattern : patterns) {
            if (pattern.matches(service, name)) {
                pattern.hasMatched = true;
                found = true;
            }
        }
        return found;
    }

    void warnOfUnmatched(Warnings warnings) {
        for (Pattern pattern : patterns) {
            if (!pattern.hasMatched) {
                warnings.warn("unmatched request: \"" + pattern.text + "\"");
            }
        }
    }
}
