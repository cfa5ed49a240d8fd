// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import dev.stafette.delivery.tls.CipherList;
import dev.stafette.engine.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the grades of ciphers mean: {@code tls_high_cipherlist} and its like, less what is excluded.
 * Thread: start-up and reload.
 */
public final class CipherGrades {
    private CipherGrades() {}

    /** {@code parameter}: has a grade, or a list in OpenSSL's words; {@code excluded}: parameters that have what is not wanted. */
    public static CipherList of(Settings settings, String parameter, List<String> excluded) {
        CipherList list = ofGrade(settings, settings.text(parameter), excluded);
        if (list == null) {
            throw settings.bad(parameter, "high, medium, low, export or null");
        }
        return list;
    }

    /** Null: there is no such grade. */
    public static @Nullable CipherList ofGrade(Settings settings, String grade, List<String> excluded) {
        String list = list(settings, grade.toLowerCase(Locale.ROOT));
        return list == null ? null : CipherList.parse(list + exclusions(settings, excluded));
    }

    private static @Nullable String list(Settings settings, String grade) {
        return switch (grade) {
            case "high" -> settings.text("tls_high_cipherlist");
            case "medium" -> settings.text("tls_medium_cipherlist");
            case "low" -> settings.text("tls_low_cipherlist");
            case "export" -> settings.text("tls_export_cipherlist");
            case "null" -> settings.text("tls_null_cipherlist");
            default -> null;
        };
    }

    private static String exclusions(Settings settings, List<String> parameters) {
        List<String> words = new ArrayList<>();
        for (String parameter : parameters) {
            for (String word : settings.text(parameter).split("[\\s,:]+")) {
                if (!word.isEmpty()) {
                    words.add(":!" + (word.charAt(0) == '!' ? word.substring(1) : word));
                }
            }
        }
        return String.join("", words);
    }
}
