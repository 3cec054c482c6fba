/** The OpenAI wire format and its endpoints. */
@NullMarked
package dev.leasehold.gateway.openai;

import org.jspecify.annotations.NullMarked;
