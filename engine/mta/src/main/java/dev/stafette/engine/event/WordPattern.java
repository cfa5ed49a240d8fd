// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A regular expression that is tried only where one of the words is that it needs, alternative by alternative.
 * Thread: any (it does not change).
 */
final class WordPattern {
    private record Alternative(String[] words, Pattern pattern) {
        boolean isIn(String text, String lowerCase) {
            boolean isPossible = words.length == 0;
            for (int i = 0; i < words.length && !isPossible; i++) {
                isPossible = lowerCase.contains(words[i]);
            }
            return isPossible && pattern.matcher(text).find();
        }
    }

    private final List<Alternative> alternatives;

    private WordPattern(List<Alternative> alternatives) {
        this.alternatives = alternatives;
    }

    /** Without regard to case; a PatternSyntaxException says what is wrong. */
    static WordPattern compile(String regex) {
        Pattern.compile(regex);
        List<Alternative> all = new ArrayList<>();
        // A flag or a quotation may reach over bars.
        boolean isWhole = regex.contains("\\Q") || regex.startsWith("(?i") || regex.matches(".*\\\\[1-9].*");
        for (String one : isWhole ? List.of(regex) : RequiredWords.alternatives(regex)) {
            String[] words = isWhole ? new String[0] : RequiredWords.of(one).toArray(new String[0]);
            all.add(new Alternative(words, Pattern.compile(one, Pattern.CASE_INSENSITIVE)));
        }
        return new WordPattern(List.copyOf(all));
    }

    boolean isIn(String text, String lowerCase) {
        for (Alternative one : alternatives) {
            if (one.isIn(text, lowerCase)) {
                return true;
            }
        }
        return false;
    }
}
