// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequiredWordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
        Over quota               ! over quota
        over[- ]?quota           ! quota
        spam|junk mail           ! junk mail,spam
        (?:a|bc) full            ! ' full'
        (?:unknown|no) user      ! ' user'
        x(?:one|three)y?         ! one,three
        (?:user )?unknown        ! unknown
        colou?r                  ! colo
        ab+c                     ! ab
        5\\.7\\.26               ! 5.7.26
        \\bspf\\b                ! spf
        [abc|]d(?=long)          ! d
        .{0,40}\\d               ! ''
        a|.                      ! ''
        (?:xyz)*                 ! ''
        [])x]yes|\\(no           ! (no,yes
        """)
    void areWhatCannotBeMissing(String regex, String words) {
        assertEquals(words, String.join(",", RequiredWords.of(regex)), regex);
    }

    /** Whatever an expression fits has one of its words. */
    @Test
    void areInWhateverFits() {
        Random random = new Random(3);
        String[] pieces = {"a", "b", "ab", "(?:", "(?:", ")", ")", "|", "?", "*", "+", "{0,2}", "[ab]", ".", "\\.", "c"
        };
        int tried = 0;
        while (tried < 20_000) {
            StringBuilder regex = new StringBuilder();
            for (int i = 1 + random.nextInt(8); i > 0; i--) {
                regex.append(pieces[random.nextInt(pieces.length)]);
            }
            Pattern pattern;
            try {
                pattern = Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE);
            } catch (RuntimeException e) {
                continue;
            }
            tried++;
            WordPattern words = WordPattern.compile(regex.toString());
            for (int i = 0; i < 10; i++) {
                StringBuilder text = new StringBuilder();
                for (int j = random.nextInt(6); j > 0; j--) {
                    text.append("abcABC.".charAt(random.nextInt(7)));
                }
                String said = text.toString();
                assertEquals(
                        pattern.matcher(said).find(),
                        words.isIn(said, said.toLowerCase(Locale.ROOT)),
                        regex + " in '" + said + "', words " + Set.copyOf(RequiredWords.of(regex.toString())));
            }
        }
    }
}
