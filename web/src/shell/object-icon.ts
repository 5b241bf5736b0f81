import {
  IconBox,
  IconBuildingSkyscraper,
  IconCheckbox,
  IconLayoutDashboard,
  IconNotes,
  IconSettingsAutomation,
  IconTargetArrow,
  IconUser,
  type Icon,
} from '@tabler/icons-react';

/** The signs of the standard objects; the whole set would be many times the size of the app. */
const ICONS: Record<string, Icon> = {
  IconBuildingSkyscraper,
  IconCheckbox,
  IconLayoutDashboard,
  IconNotes,
  IconSettingsAutomation,
  IconTargetArrow,
  IconUser,
};

/** Returns the sign of an object by the name that the data model gives it, a plain box for those not bundled. */
export function objectIcon(name: string | null): Icon {
  return ICONS[name ?? ''] ?? IconBox;
}
