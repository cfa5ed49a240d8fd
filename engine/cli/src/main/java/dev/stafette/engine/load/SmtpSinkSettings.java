// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import java.net.SocketAddress;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How {@code smtp-sink} behaves.
 * Thread: any (a value).
 *
 * @param address of TCP, or in the file system
 * @param backlog connections that may wait for being accepted
 * @param isLmtp not SMTP
 * @param greeting behind 220
 * @param capabilities lines of the reply to EHLO behind the first
 * @param verbs those it knows
 * @param reactions those that are not plain
 * @param abortSeconds so long after 354 it refuses the message and reads no further; negative: it does not
 * @param readDelaySeconds before what follows 354 is read
 * @param connectionsMax at a time; more wait
 * @param messagesMax it ends after so many; 0: it does not
 * @param sessionsMax the same of sessions
 * @param timeoutSeconds for a command
 * @param windowBytes of TCP; 0: the system's
 * @param dump where transactions go; null: nowhere
 */
public record SmtpSinkSettings(
        SocketAddress address,
        int backlog,
        boolean isLmtp,
        String hostName,
        String greeting,
        Set<String> capabilities,
        Set<SinkVerb> verbs,
        Map<SinkVerb, SinkReaction> reactions,
        String softReply,
        String hardReply,
        int abortSeconds,
        int readDelaySeconds,
        int connectionsMax,
        int messagesMax,
        int sessionsMax,
        int timeoutSeconds,
        int windowBytes,
        @Nullable SinkDump dump) {
    /** Of what is said to a command. */
    SinkReaction reaction(SinkVerb verb) {
        return reactions.getOrDefault(verb, SinkReaction.PLAIN);
    }
}
