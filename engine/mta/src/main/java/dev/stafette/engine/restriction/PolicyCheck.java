// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.policy.PolicyServer;
import dev.stafette.engine.table.BraceWords;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;

/**
 * {@code check_policy_service}: asks a server what to do, which answers like an access table. Where it does not, the default
 * action is done.
 * Thread: any (it does not change).
 */
final class PolicyCheck implements Restriction {
    private static final String KEY = "policy query";

    private final PolicyServer server;
    private final PolicyAttributes attributes;
    private final AccessVerdicts verdicts;
    private final String defaultAction;

    private PolicyCheck(
            PolicyServer server, PolicyAttributes attributes, AccessVerdicts verdicts, String defaultAction) {
        this.server = server;
        this.attributes = attributes;
        this.verdicts = verdicts;
        this.defaultAction = defaultAction;
    }

    /** {@code argument}: {@code type:server}, or behind it settings of its own, which stand in braces together. Throws a ConfigException. */
    static Restriction of(String argument, RestrictionStage stage, RestrictionParser parser) {
        Settings settings = parser.parts().settings();
        List<String> words = BraceWords.split(argument);
        if (words.isEmpty()) {
            throw new ConfigException("empty policy service: \"" + argument + "\"");
        }
        String address = words.get(0);
        PolicyOptions options = new PolicyOptions(settings, words.subList(1, words.size()));
        return new PolicyCheck(
                parser.parts()
                        .sources()
                        .policies()
                        .open(address, parser.parts().settings().ports(), options.settings()),
                PolicyAttributes.of(settings, options.text("smtpd_policy_service_policy_context")),
                new AccessVerdicts(address, stage, parser),
                options.text("smtpd_policy_service_default_action"));
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        TableAnswer answer = inquiry.ask(server, attributes.request(facts, subject));
        if (answer.isNotYet()) {
            return Verdict.NOT_YET;
        }
        return answer.isFound()
                ? verdicts.of(answer.value(), KEY, facts, subject)
                : verdicts.of(defaultAction, KEY, facts, subject).withComplaint(answer.why());
    }
}
