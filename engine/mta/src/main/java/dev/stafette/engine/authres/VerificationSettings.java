// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.dmarc.PublicSuffixes;
import dev.stafette.engine.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What main.cf says of what is to be proved.
 * Thread: any (a value).
 *
 * @param methods {@code smtpd_authentication_methods}
 * @param id {@code authentication_results_id}: who says it
 * @param timeMax {@code smtpd_authentication_time_limit}, from the end of a message
 * @param signaturesMax {@code dkim_signature_count_limit}: of one message; more are not looked at
 * @param rsaBitsMin {@code dkim_minimum_key_bits}
 * @param acceptsPartialBody {@code dkim_accept_partial_body}: text may follow that nobody has signed
 * @param dmarcAction {@code dmarc_failure_action}
 * @param suffixes of {@code dmarc_public_suffix_file}; none where nobody asks for DMARC
 */
record VerificationSettings(
        Set<AuthenticationMethod> methods,
        String id,
        Duration timeMax,
        int signaturesMax,
        int rsaBitsMin,
        boolean acceptsPartialBody,
        DmarcAction dmarcAction,
        PublicSuffixes suffixes) {
    static final String METHODS = "smtpd_authentication_methods";
    static final List<String> PARAMETERS = List.of(
            METHODS,
            "authentication_results_id",
            "smtpd_authentication_time_limit",
            "dkim_signature_count_limit",
            "dkim_minimum_key_bits",
            "dkim_accept_partial_body",
            "dmarc_failure_action",
            "dmarc_public_suffix_file");

    private static final String SUFFIX_FILE = "dmarc_public_suffix_file";

    static VerificationSettings of(Settings settings) {
        Set<AuthenticationMethod> methods = EnumSet.noneOf(AuthenticationMethod.class);
        for (String word : settings.words(METHODS)) {
            AuthenticationMethod method = named(word);
            if (method == null) {
                throw settings.bad(METHODS, "some of dkim spf dmarc arc");
            }
            methods.add(method);
        }
        return new VerificationSettings(
                methods,
                settings.text("authentication_results_id"),
                settings.time("smtpd_authentication_time_limit"),
                settings.count("dkim_signature_count_limit"),
                settings.count("dkim_minimum_key_bits"),
                settings.flag("dkim_accept_partial_body"),
                action(settings.choice("dmarc_failure_action")),
                methods.contains(AuthenticationMethod.DMARC) ? suffixes(settings) : new PublicSuffixes(List.of()));
    }

    private static @Nullable AuthenticationMethod named(String word) {
        for (AuthenticationMethod method : AuthenticationMethod.values()) {
            if (method.word().equals(word)) {
                return method;
            }
        }
        return null;
    }

    private static DmarcAction action(String word) {
        return switch (word) {
            case "hold" -> DmarcAction.HOLD;
            case "policy" -> DmarcAction.POLICY;
            default -> DmarcAction.NONE;
        };
    }

    private static PublicSuffixes suffixes(Settings settings) {
        try {
            return new PublicSuffixes(Files.readAllLines(Path.of(settings.text(SUFFIX_FILE))));
        } catch (IOException e) {
            throw settings.bad(
                    SUFFIX_FILE,
                    "the public suffix list, which Debian's package publicsuffix brings, or another copy of it");
        }
    }

    boolean asksFor(AuthenticationMethod method) {
        return methods.contains(method);
    }

    /** DMARC rests on both. */
    boolean needsDkim() {
        return asksFor(AuthenticationMethod.DKIM) || asksFor(AuthenticationMethod.DMARC);
    }

    boolean needsSpf() {
        return asksFor(AuthenticationMethod.SPF) || asksFor(AuthenticationMethod.DMARC);
    }
}
