import { SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeBlock } from '../../parts/CodeBlock';
import { Section } from '../../parts/Section';

const PYTHON = `import hashlib, hmac, os, time

def is_genuine(headers, raw_body: bytes) -> bool:
    """Check a request before parsing it; raw_body must be the bytes as they came."""
    timestamp = headers["X-Twenty-Webhook-Timestamp"]          # milliseconds
    signature = headers["X-Twenty-Webhook-Signature"]
    if abs(time.time() - int(timestamp) / 1000) > 300:
        return False                                           # more than 5 minutes off
    expected = hmac.new(
        os.environ["ICOSA_WEBHOOK_SECRET"].encode(),
        timestamp.encode() + b":" + raw_body,
        hashlib.sha256,
    ).hexdigest()
    return hmac.compare_digest(expected, signature)`;

const JAVASCRIPT = `import { createHmac, timingSafeEqual } from "node:crypto";

// Check a request before parsing it; rawBody must be the bytes as they came.
export function isGenuine(headers, rawBody) {
  const timestamp = headers["x-twenty-webhook-timestamp"];     // milliseconds
  const signature = headers["x-twenty-webhook-signature"];
  if (Math.abs(Date.now() - Number(timestamp)) > 5 * 60_000) return false;
  const expected = createHmac("sha256", process.env.ICOSA_WEBHOOK_SECRET)
    .update(timestamp + ":")
    .update(rawBody)
    .digest("hex");
  return expected.length === signature.length &&
    timingSafeEqual(Buffer.from(expected), Buffer.from(signature));
}`;

/** How a receiver tells that a request comes from here. */
export function SignatureCode() {
  const { t } = useTranslation();
  const [language, setLanguage] = useState('python');
  return (
    <Section
      title={t('webhooks.check')}
      hint={t('webhooks.checkHint')}
      actions={
        <SegmentedControl
          aria-label={t('start.language')}
          data={[
            { value: 'python', label: 'Python' },
            { value: 'javascript', label: 'JavaScript' },
          ]}
          value={language}
          onChange={setLanguage}
          size="xs"
        />
      }
    >
      <Stack component="ol" gap={4} className="rules">
        <li>{t('webhooks.rules.raw')}</li>
        <li>{t('webhooks.rules.constant')}</li>
        <li>{t('webhooks.rules.fresh')}</li>
        <li>{t('webhooks.rules.repeats')}</li>
        <li>{t('webhooks.rules.quick')}</li>
      </Stack>
      <CodeBlock code={language === 'python' ? PYTHON : JAVASCRIPT} label={t('webhooks.checkCode')} />
    </Section>
  );
}
