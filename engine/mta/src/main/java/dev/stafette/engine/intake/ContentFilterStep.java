// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

/**
 * Notes where the message is to be looked into before it goes its way: by what access tables and header checks say of it (FILTER),
 * or else by content_filter. What is sent to somebody else (REDIRECT) goes straight there, as in Postfix.
 * Thread: event loop.
 */
final class ContentFilterStep implements IntakeStep {
    /** What is written by us may be checked, too. */
    @Override
    public boolean appliesTo(Entrance entrance) {
        return true;
    }

    @Override
    public StepOutcome apply(MessageDraft message) {
        if (message.orders().redirect() != null) {
            return StepOutcome.DONE;
        }
        String ordered = message.orders().filter();
        String filter = ordered == null ? message.settings().contentFilter() : ordered;
        if (!filter.isEmpty()) {
            message.setEnvelope(message.envelope().withContentFilter(filter));
        }
        return StepOutcome.DONE;
    }
}
