// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

/**
 * Notes where the message is to be looked into before it goes its way: by what access tables say of it (FILTER), or else by
 * content_filter.
 * Thread: event loop.
 */
final class ContentFilterStep implements IntakeStep {
    @Override
    public StepOutcome apply(MessageDraft message) {
        String ordered = message.orders().filter();
        String filter = ordered == null ? message.settings().contentFilter() : ordered;
        if (!filter.isEmpty()) {
            message.setEnvelope(message.envelope().withContentFilter(filter));
        }
        return StepOutcome.DONE;
    }
}
