import { useEffect, useState } from 'react';
import { onAnnouncement } from './announce';

/** The one place of short messages, a polite live region. */
export function Announcements() {
  const [text, setText] = useState('');
  useEffect(() => onAnnouncement(setText), []);
  return (
    <div className="announcements" aria-live="polite" role="status">
      {text && <div className="announcement">{text}</div>}
    </div>
  );
}
