// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.LogicalLine;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters that Postfix has, in some release, and that do nothing here: {@code postfix-names.txt}, beside this
 * class.
 * Thread: any (it does not change).
 */
public final class PostfixNames {
    private static final String TABLE = "postfix-names.txt";

    private final Map<String, Entry> byName;

    private PostfixNames(Map<String, Entry> byName) {
        this.byName = byName;
    }

    /** Why somebody knows the name. */
    public enum Kind {
        /** A parameter of today. */
        LISTED,
        /** The same for every transport, whose name stands before. */
        PER_TRANSPORT,
        /** One of today whose value keeps its {@code $}. */
        LISTED_RAW,
        /** An older name, which the default of the newer one refers to. */
        SUPERSEDED,
        /** Nothing looks at it any more. */
        GONE
    }

    /**
     * {@code defaultText} as Postfix prints it. {@code reason}: why it has no meaning here; null when it would have one, and
     * is not built yet.
     */
    public record Entry(
            String name,
            String defaultText,
            Kind kind,
            @Nullable String reason) {}

    /** Read when first asked for. */
    private static final class Holder {
        private static final PostfixNames TABLE_READ = read(Parameters.resource(TABLE));
    }

    public static PostfixNames known() {
        return Holder.TABLE_READ;
    }

    static PostfixNames read(String text) {
        Map<String, Entry> byName = new LinkedHashMap<>(1024);
        Kind kind = Kind.LISTED;
        @Nullable String reason = null;
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            String line = text.substring(from, end < 0 ? text.length() : end);
            from += line.length() + 1;
            if (line.isEmpty() || line.charAt(0) == '#') {
                continue;
            }
            if (line.charAt(0) == '[') {
                int colon = line.indexOf(": ");
                kind = kind(line.substring(1, colon < 0 ? line.length() - 1 : colon));
                reason = colon < 0 ? null : line.substring(colon + 2, line.length() - 1);
                continue;
            }
            int equals = line.indexOf('=');
            String name = LogicalLine.trim(equals < 0 ? line : line.substring(0, equals));
            String defaultText = equals < 0 ? "" : LogicalLine.trim(line.substring(equals + 1));
            byName.put(name, new Entry(name, defaultText, kind, reason));
        }
        return new PostfixNames(byName);
    }

    private static Kind kind(String heading) {
        for (Kind kind : Kind.values()) {
            if (heading.equalsIgnoreCase(kind.name().replace('_', ' '))) {
                return kind;
            }
        }
        throw new IllegalStateException(TABLE + ": " + heading);
    }

    public @Nullable Entry find(String name) {
        return byName.get(name);
    }

    /** Also the parameter of one of the services. */
    @Nullable
    Entry find(String name, Collection<String> services) {
        Entry exact = byName.get(name);
        if (exact != null) {
            return exact;
        }
        for (String service : services) {
            if (name.length() > service.length() && name.startsWith(service)) {
                Entry entry = byName.get(name.substring(service.length()));
                if (entry != null && entry.kind() == Kind.PER_TRANSPORT) {
                    return entry;
                }
            }
        }
        return null;
    }

    public Collection<Entry> all() {
        return Collections.unmodifiableCollection(byName.values());
    }
}
