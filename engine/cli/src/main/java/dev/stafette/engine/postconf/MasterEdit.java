// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LogicalLine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes master.cf: {@code postconf -M}, {@code -F} and {@code -P} with {@code -e}, {@code -X} or {@code -#}.
 * Thread: main.
 *
 * <p>A row that changes stays where it is, and is written as {@code postconf -Mf} prints it; all others stay as they are.
 */
public final class MasterEdit {
    private final ServicePatterns.Part part;
    private final EditKind kind;
    private final Warnings warnings;
    private final LinePrinter row = LinePrinter.folding();

    /** {@code option}: M, F or P. */
    public MasterEdit(char option, EditKind kind, Warnings warnings) {
        this.part = ServicePatterns.Part.of(option);
        this.kind = kind;
        this.warnings = warnings;
    }

    /** What somebody wants: {@code service/type[/name][=value]}. */
    private record Request(
            String text,
            String[] parts,
            String value,
            @Nullable ServiceLine row) {
        boolean matches(ServiceLine service) {
            return matches(parts[0], service.name()) && matches(parts[1], service.type());
        }

        private static boolean matches(String pattern, String word) {
            return pattern.equals(ServicePatterns.ANY) || pattern.equals(word);
        }
    }

    public void run(String directory, List<String> words) {
        List<Request> requests = new ArrayList<>();
        for (String word : words) {
            requests.add(request(word));
        }
        Path named = Path.of(directory, "master.cf");
        try (FileEdit file = FileEdit.begin(named)) {
            EditedText text = new EditedText(file.text());
            List<ServiceLine> services = new ArrayList<>();
            for (EditedText.Entry entry : text.entries()) {
                services.add(ServiceLine.parse("file " + named, entry.text(), warnings));
            }
            for (Request request : requests) {
                apply(request, text, services);
            }
            file.commit(text.text());
        }
    }

    private Request request(String word) {
        if (word.indexOf('\n') >= 0) {
            throw new ConfigException("-e, -X, or -# accepts no multi-line input");
        }
        String pattern = LogicalLine.trim(word);
        if (!pattern.isEmpty() && pattern.charAt(0) == '#') {
            throw new ConfigException("-e, -X, or -# accepts no comment input");
        }
        String value = "";
        if (kind == EditKind.SET) {
            NameValue assignment = splitAssignment(pattern);
            pattern = assignment.name();
            value = assignment.value();
        }
        String[] parts = ServicePatterns.split(pattern, Integer.MAX_VALUE);
        checkParts(parts, value);
        return new Request(
                word, parts, value, part == ServicePatterns.Part.ROW && kind == EditKind.SET ? row(word, value) : null);
    }

    /** White space may be part of what is named. */
    private static NameValue splitAssignment(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new ConfigException("missing '=' after attribute name: \"" + text + "\"");
        }
        return new NameValue(LogicalLine.trim(text.substring(0, equals)), LogicalLine.trim(text.substring(equals + 1)));
    }

    private void checkParts(String[] parts, String value) {
        boolean isComplete = parts.length == (part == ServicePatterns.Part.ROW ? 2 : 3);
        for (String word : parts) {
            isComplete &= !word.isEmpty();
        }
        if (!isComplete) {
            throw new ConfigException(part.editForm());
        }
        if (part == ServicePatterns.Part.FIELD) {
            int field = ServiceLine.FIELD_NAMES.indexOf(parts[2]);
            if (field < 0) {
                throw new ConfigException("invalid service attribute name: \"" + parts[2] + "\"");
            }
            if (!ServiceLine.isValid(field, value)) {
                throw new ConfigException("invalid " + parts[2] + " field \"" + value + "\" in \"" + value + "\"");
            }
        } else if (part == ServicePatterns.Part.PARAMETER) {
            if (parts[2].equals(ServicePatterns.ANY)) {
                throw new ConfigException("-Pe does not accept wild-card parameter name");
            }
            for (int i = 0; i < value.length(); i++) {
                if (LogicalLine.isSpace(value.charAt(i))) {
                    throw new ConfigException("-Pe does not accept whitespace in parameter value");
                }
            }
        }
    }

    private ServiceLine row(String word, String text) {
        try {
            return ServiceLine.parse("", text, warnings);
        } catch (ConfigException e) {
            if (String.valueOf(e.getMessage()).endsWith("bad field count")) {
                throw new ConfigException("bad field count: \"" + word + "\"");
            }
            throw e;
        }
    }

    private String folded(ServiceLine service) {
        new ServiceFormat(row, null, warnings).appendRow(service);
        return row.take();
    }

    private void apply(Request request, EditedText text, List<ServiceLine> services) {
        int matches = 0;
        for (int i = 0; i < services.size(); i++) {
            if (request.matches(services.get(i))) {
                apply(request, text.entries().get(i), services.get(i), matches++);
            }
        }
        if (matches > 0) {
            return;
        }
        if (request.row() != null) {
            text.add(folded(request.row()));
        } else if (part != ServicePatterns.Part.ROW) {
            warnings.warn("unmatched service_name/type: \"" + request.text() + "\"");
        }
    }

    private void apply(Request request, EditedText.Entry entry, ServiceLine service, int earlierMatches) {
        if (kind == EditKind.COMMENT_OUT) {
            entry.commentOut();
            return;
        }
        switch (part) {
            case ROW -> {
                // Of several rows for one service the last holds for Postfix; one is left.
                if (request.row() == null || earlierMatches > 0) {
                    entry.remove();
                } else {
                    entry.replaceBy(folded(request.row()));
                }
            }
            case FIELD -> {
                int field = ServiceLine.FIELD_NAMES.indexOf(request.parts()[2]);
                service.set(field, request.value(), warnings);
                entry.replaceBy(folded(service));
            }
            case PARAMETER -> {
                String override = kind == EditKind.SET ? request.parts()[2] + "=" + request.value() : null;
                service.setOverride(request.parts()[2], override);
                entry.replaceBy(folded(service));
            }
        }
    }
}
