// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import com.ibm.icu.text.IDNA;
import com.ibm.icu.util.ICUInputTooLongException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The two forms of a domain with letters that ASCII does not have (RFC 5890 §2.3.2.1), by UTS #46 without its transitional
 * part: {@code straße.de} and {@code strasse.de} are two names, as registries and browsers have it.
 * Thread: any (stateless).
 */
public final class InternationalDomain {
    private InternationalDomain() {}

    /** Loaded with the first name that needs it: the tables are large, and most commands never see one. */
    private static final class Uts46 {
        static final IDNA RULES = IDNA.getUTS46Instance(IDNA.CHECK_BIDI
                | IDNA.CHECK_CONTEXTJ
                | IDNA.NONTRANSITIONAL_TO_ASCII
                | IDNA.NONTRANSITIONAL_TO_UNICODE);
    }

    /** With A-labels, as DNS has it; a name in ASCII as it is. Null when the name has no such form. */
    public static @Nullable String toAscii(String name) {
        if (isAscii(name)) {
            return name;
        }
        StringBuilder out = new StringBuilder(name.length() + 16);
        return converted(info -> Uts46.RULES.nameToASCII(name, out, info));
    }

    private static @Nullable String converted(Function<IDNA.Info, StringBuilder> conversion) {
        IDNA.Info info = new IDNA.Info();
        try {
            StringBuilder out = conversion.apply(info);
            return info.hasErrors() ? null : out.toString();
        } catch (ICUInputTooLongException e) {
            // Of more than 1000 characters, or that many once letters have been taken apart, which clients may send.
            return null;
        }
    }

    /** With U-labels, as people read it. Null when an A-label of the name says nothing, or what no label may. */
    public static @Nullable String toUnicode(String name) {
        if (isAscii(name) && !name.regionMatches(true, 0, "xn--", 0, 4) && !hasInnerALabel(name)) {
            return name;
        }
        StringBuilder out = new StringBuilder(name.length());
        return converted(info -> Uts46.RULES.nameToUnicode(name, out, info));
    }

    private static boolean hasInnerALabel(String name) {
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            if (name.regionMatches(true, dot + 1, "xn--", 0, 4)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAscii(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
