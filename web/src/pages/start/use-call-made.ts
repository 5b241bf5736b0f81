import { useState } from 'react';

const STORED = 'icosa-call-made';

/** Whether a call was made from here once; calls of keys are known to the server. */
export function useCallMade(): [boolean, (made: true) => void] {
  const [made, setMade] = useState(() => localStorage.getItem(STORED) !== null);
  const note = () => {
    localStorage.setItem(STORED, 'yes');
    setMade(true);
  };
  return [made, note];
}
