// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.copy.CopyRules;
import dev.stafette.delivery.identity.UserIds;
import java.time.Duration;
import java.util.Map;

/**
 * One program to be run with one message.
 * Thread: any (a value).
 *
 * @param agent who runs it, as its messages say: {@code pipe} or {@code local}
 * @param environment all of it
 * @param directory where it works
 * @param timeLimit after which it is killed with all that it has started
 */
public record CommandOrder(
        String agent,
        CommandLine line,
        UserIds user,
        Map<String, String> environment,
        String directory,
        Duration timeLimit,
        CopyRules rules,
        CopyAddresses addresses) {
    public CommandOrder {
        environment = Map.copyOf(environment);
    }
}
