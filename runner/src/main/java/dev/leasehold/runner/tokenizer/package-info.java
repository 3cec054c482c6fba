/** Text to tokens, tokens to text, chat templates. */
@NullMarked
package dev.leasehold.runner.tokenizer;

import org.jspecify.annotations.NullMarked;
