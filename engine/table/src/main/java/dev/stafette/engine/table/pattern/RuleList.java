// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

import dev.stafette.engine.table.file.RuleSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rules in order, the first that has an answer decides; {@code if} and {@code endif} around those that hold on a
 * condition.
 * Thread: any (it does not change).
 *
 * @param <K> what a rule looks at
 */
final class RuleList<K> {
    private final List<Line<K>> lines;

    /** One rule, or the condition of several. */
    interface Rule<K> {
        /** Null when it does not match. */
        @Nullable
        String answer(K key);
    }

    /** {@code end}: where it goes on when a condition does not hold; -1 for a rule that is none. */
    private record Line<K>(Rule<K> rule, int end) {}

    private RuleList(List<Line<K>> lines) {
        this.lines = lines;
    }

    int size() {
        return lines.size();
    }

    @Nullable
    String answer(K key) {
        int at = 0;
        while (at < lines.size()) {
            Line<K> line = lines.get(at++);
            @Nullable String answer = line.rule().answer(key);
            if (line.end() < 0) {
                if (answer != null) {
                    return answer;
                }
            } else if (answer == null) {
                at = line.end();
            }
        }
        return null;
    }

    /** In any case, and whole. */
    static boolean isKeyword(String text, String keyword) {
        return text.regionMatches(true, 0, keyword, 0, keyword.length())
                && (text.length() == keyword.length() || !Character.isLetterOrDigit(text.charAt(keyword.length())));
    }

    /** Takes the rules in order. */
    static final class Builder<K> {
        private final List<Line<K>> lines = new ArrayList<>();
        private final Deque<Open> open = new ArrayDeque<>();

        /** A condition without its end so far: where it stands in the list and in the source. */
        private record Open(int index, RuleSource.Rule source) {}

        void add(Rule<K> rule) {
            lines.add(new Line<>(rule, -1));
        }

        void startIf(Rule<K> condition, RuleSource.Rule source) {
            open.push(new Open(lines.size(), source));
            lines.add(new Line<>(condition, 0));
        }

        /** Returns false when there is none to end. */
        boolean endIf() {
            if (open.isEmpty()) {
                return false;
            }
            int start = open.pop().index();
            lines.set(start, new Line<>(lines.get(start).rule(), lines.size()));
            return true;
        }

        /** An {@code if} without its end holds to the end of the list. */
        void warnOfOpen(RuleSource source, Consumer<String> warnings) {
            while (!open.isEmpty()) {
                warnings.accept(source.at(open.getFirst().source()) + "IF has no matching ENDIF");
                endIf();
            }
        }

        RuleList<K> build() {
            return new RuleList<>(List.copyOf(lines));
        }
    }
}
