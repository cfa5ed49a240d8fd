// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.config.Settings;

/**
 * What is done where the DNS, or a probe, cannot say: {@code reject_tempfail_action} and those that refer to it.
 * Thread: any (a value).
 */
enum TempfailAction {
    DEFER {
        @Override
        Verdict verdict(SmtpReply reply) {
            return Verdict.defer(reply);
        }
    },
    DEFER_IF_PERMIT {
        @Override
        Verdict verdict(SmtpReply reply) {
            return Verdict.deferIfPermit(reply);
        }
    };

    static TempfailAction of(Settings settings, String parameter) {
        return settings.choice(parameter).equals("defer") ? DEFER : DEFER_IF_PERMIT;
    }

    abstract Verdict verdict(SmtpReply reply);
}
