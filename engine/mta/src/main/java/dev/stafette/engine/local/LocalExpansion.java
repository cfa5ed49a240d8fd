// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.engine.config.Expansion;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A text of main.cf with the names of one delivery in it: {@code $user}, {@code $home} and the like.
 * Thread: the delivery worker's.
 *
 * @param text null: it is not well formed
 * @param isComplete every plain reference had a value
 * @param usesExtension the extension is part of it
 */
record LocalExpansion(@Nullable String text, boolean isComplete, boolean usesExtension) {
    /** {@code filter}: characters that values may have, where others become {@code _}; null: any. */
    static LocalExpansion of(String pattern, Standing standing, String delimiters, @Nullable String filter) {
        Names names = new Names(standing, delimiters, filter);
        String text = Expansion.expand(pattern, names, new ArrayList<>());
        return new LocalExpansion(text, !names.lacksValue, names.usesExtension);
    }

    /** What a filter lets through of a value. */
    static String filtered(String value, String filter) {
        StringBuilder out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            out.append(filter.indexOf(c) < 0 ? '_' : c);
        }
        return out.toString();
    }

    private static final class Names implements Expansion.Names {
        private final Standing standing;
        private final String delimiters;
        private final @Nullable String filter;
        private boolean lacksValue;
        private boolean usesExtension;

        Names(Standing standing, String delimiters, @Nullable String filter) {
            this.standing = standing;
            this.delimiters = delimiters;
            this.filter = filter;
        }

        @Override
        public @Nullable String valueOf(String name) {
            String value = raw(name);
            usesExtension |= value != null && name.equals("extension");
            if (value == null) {
                return null;
            }
            String shown = filter == null ? value : filtered(value, filter);
            // It stands for itself, whatever is in it.
            return shown.replace("$", "$$");
        }

        @Override
        public String ofUndefined(String name) {
            lacksValue = true;
            return "";
        }

        private @Nullable String raw(String name) {
            UserAccount rights = standing.rights;
            return switch (name) {
                case "user" -> standing.user;
                case "home" -> rights == null ? null : rights.home();
                case "shell" -> rights == null ? null : rights.shell();
                case "domain" -> standing.domain;
                case "local", "mailbox" -> standing.local;
                case "recipient" -> standing.address.external();
                case "extension" -> standing.extension;
                case "recipient_delimiter" -> delimiter();
                default -> null;
            };
        }

        private @Nullable String delimiter() {
            int length = standing.user.length();
            if (standing.local.length() > length) {
                return standing.local.substring(length, length + 1);
            }
            return delimiters.isEmpty() ? null : delimiters.substring(0, 1);
        }
    }
}
