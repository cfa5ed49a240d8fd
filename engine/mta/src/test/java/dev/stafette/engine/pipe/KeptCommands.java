// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.command.CommandResult;
import dev.stafette.delivery.command.CommandRunner;
import java.util.ArrayList;
import java.util.List;

/** Runs nothing, keeps what it is asked to run, and answers what it is told to. */
final class KeptCommands implements CommandRunner {
    final List<CommandOrder> orders = new ArrayList<>();
    CommandResult answer = new CommandResult(Kind.DELIVERED, EnhancedStatus.SENT, "");

    @Override
    public CommandResult run(CommandOrder order, MessageBody body, long epochMs) {
        orders.add(order);
        return answer;
    }

    CommandOrder last() {
        return orders.get(orders.size() - 1);
    }
}
