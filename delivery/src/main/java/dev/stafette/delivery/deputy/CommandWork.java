// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.delivery.command.CommandLine;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.copy.CopyRules;
import dev.stafette.delivery.identity.UserIds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The order to run a program, as a work.
 * Thread: any.
 */
final class CommandWork {
    static final String KIND = "command";

    private CommandWork() {}

    static WorkFields of(CommandOrder order) {
        WorkFields fields = new WorkFields().put("work", KIND);
        user(order.user(), fields);
        fields.put("agent", order.agent()).put("label", order.line().label());
        List<List<String>> ways = order.line().ways();
        for (int i = 0; i < ways.size(); i++) {
            String name = "way" + i;
            ways.get(i).forEach(word -> fields.put(name, word));
        }
        order.environment().forEach((name, value) -> fields.put("env", name + '=' + value));
        fields.put("directory", order.directory())
                .put("limit-ms", order.timeLimit().toMillis());
        copy(order.rules(), order.addresses(), fields);
        return fields;
    }

    static void user(UserIds user, WorkFields fields) {
        fields.put("user", user.name()).put("uid", user.uid()).put("gid", user.gid());
    }

    static UserIds user(WorkFields fields) throws IOException {
        return new UserIds(fields.text("user"), fields.id("uid"), fields.id("gid"));
    }

    static void copy(CopyRules rules, CopyAddresses addresses, WorkFields fields) {
        boolean[] flags = {
            rules.fromLine(),
            rules.returnPath(),
            rules.originalTo(),
            rules.deliveredTo(),
            rules.quoteFrom(),
            rules.doubleDots(),
            rules.blankLine()
        };
        StringBuilder text = new StringBuilder();
        for (boolean flag : flags) {
            text.append(flag ? 'y' : 'n');
        }
        fields.put("copy", text.toString())
                .put("line-end", rules.lineEnd())
                .put("sender", addresses.sender())
                .put("original-to", addresses.originalTo())
                .put("delivered-to", addresses.deliveredTo());
    }

    static CopyRules rules(WorkFields fields) throws IOException {
        String text = fields.text("copy");
        if (text.length() != 7) {
            throw new IOException("work with copy: " + text + " (expected: seven letters)");
        }
        return new CopyRules(
                text.charAt(0) == 'y',
                text.charAt(1) == 'y',
                text.charAt(2) == 'y',
                text.charAt(3) == 'y',
                text.charAt(4) == 'y',
                text.charAt(5) == 'y',
                text.charAt(6) == 'y',
                fields.text("line-end"));
    }

    static CopyAddresses addresses(WorkFields fields) throws IOException {
        return new CopyAddresses(fields.text("sender"), fields.text("original-to"), fields.text("delivered-to"));
    }

    static CommandOrder order(WorkFields fields) throws IOException {
        List<List<String>> ways = new ArrayList<>();
        while (!fields.all("way" + ways.size()).isEmpty()) {
            ways.add(fields.all("way" + ways.size()));
        }
        if (ways.isEmpty()) {
            throw new IOException("work without a command");
        }
        Map<String, String> environment = new HashMap<>();
        for (String variable : fields.all("env")) {
            int equals = variable.indexOf('=');
            if (equals < 0) {
                throw new IOException("work with env: " + variable + " (expected: name=value)");
            }
            environment.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        return new CommandOrder(
                fields.text("agent"),
                new CommandLine(fields.text("label"), ways),
                user(fields),
                environment,
                fields.text("directory"),
                Duration.ofMillis(fields.number("limit-ms")),
                rules(fields),
                addresses(fields));
    }
}
